"""Short lines on stdout and on the raw descriptor, for as long as it is let."""

TRIES = "output that never ends, ignoring the interrupt"
SUCCESS = "stall"
CELL = r"""
import os
import time

end = time.time() + 55
while time.time() < end:
    try:
        print("again")
        os.write(1, b"raw\n" * 1000)
        os.write(2, b"raw\n" * 1000)
    except BaseException:
        pass
"""
