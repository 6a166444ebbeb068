"""Three hundred threads that never end, none of them daemons."""

TRIES = "threads that a normal interpreter waits for at exit"
SUCCESS = "stall"
CELL = r"""
import threading
import time


def stay():
    end = time.time() + 55
    while time.time() < end:
        time.sleep(0.5)


for _ in range(300):
    try:
        threading.Thread(target=stay).start()
    except RuntimeError:
        break
"""
