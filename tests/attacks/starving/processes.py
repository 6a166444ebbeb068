"""Forty processes, each busy, each with a session of its own."""

TRIES = "fork in a loop; the children compute for 30 s and ignore signals"
SUCCESS = "stall"
CELL = r"""
import os
import signal
import time

for _ in range(40):
    try:
        pid = os.fork()
    except OSError:
        break
    if pid == 0:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end = time.time() + 30
        while time.time() < end:
            time.sleep(0.2)
            sum(range(10000))
        os._exit(0)
"""
