"""A child inherits every descriptor and holds it open after the parent has gone."""

TRIES = "the reader waits for an end of file that does not come"
SUCCESS = "stall"
CELL = r"""
import os
import time

if os.fork() == 0:
    os.setsid()
    time.sleep(55)
    os._exit(0)
os._exit(0)
"""
