"""A thread pool, a process pool and a timer, all put away again."""

CELL = r"""
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(abs, [-1, -2])))
with get_context("fork").Pool(2) as pool:
    print(pool.map(abs, [-3, -4]))
timer = threading.Timer(0.01, print, ["late"])
timer.start()
timer.join()
"""
