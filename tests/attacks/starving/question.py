"""The cell waits for an answer from the keyboard."""

TRIES = "input(), sys.stdin.read() and a read of the terminal"
SUCCESS = "stall"
CELL = r"""
import os
import sys

for ask in (input, sys.stdin.read, lambda: os.read(0, 10), lambda: open("/dev/tty").read()):
    try:
        ask()
    except BaseException:
        pass
"""
