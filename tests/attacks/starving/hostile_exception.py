"""An exception whose text takes forever and whose traceback renders itself."""

TRIES = "__str__, __repr__ and _render_traceback_ that loop, and a chain of 10,000 causes"
SUCCESS = "stall"
CELL = r"""
import time


class Slow(Exception):
    def __str__(self):
        end = time.time() + 55
        while time.time() < end:
            try:
                time.sleep(1)
            except BaseException:
                pass
        return "x" * 10_000_000

    __repr__ = __str__

    def _render_traceback_(self):
        return [str(self)]


error = Slow()
for _ in range(10000):
    following = Slow()
    following.__cause__ = error
    error = following
raise error
"""
