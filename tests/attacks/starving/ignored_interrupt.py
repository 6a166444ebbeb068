"""A loop that swallows every exception, with signals ignored."""

TRIES = "except BaseException in a loop; SIGINT, SIGTERM and SIGALRM ignored"
SUCCESS = "stall"
CELL = r"""
import signal
import time

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
end = time.time() + 58
while time.time() < end:
    try:
        while time.time() < end:
            pass
    except BaseException:
        pass
"""
