"""The process stops itself; a stopped process handles no interrupt."""

TRIES = "SIGSTOP to itself; a child continues it after 58 s"
SUCCESS = "stall"
CELL = r"""
import os
import signal
import time

me = os.getpid()
if os.fork() == 0:
    os.setsid()
    time.sleep(58)
    try:
        os.kill(me, signal.SIGCONT)
    finally:
        os._exit(0)
os.kill(me, signal.SIGSTOP)
"""
