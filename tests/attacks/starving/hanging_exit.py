"""Everything runs well, but the process does not want to end."""

TRIES = "atexit handlers, finalisers and SIGTERM handlers that wait"
SUCCESS = "stall"
CELL = r"""
import atexit
import signal
import time


def wait(*args):
    end = time.time() + 55
    while time.time() < end:
        try:
            time.sleep(1)
        except BaseException:
            pass


class Last:
    def __del__(self):
        wait()


last = Last()
atexit.register(wait)
signal.signal(signal.SIGTERM, wait)
"""
