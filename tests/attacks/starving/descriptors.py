"""All descriptors are used up, and those of stdin, stdout and stderr closed."""

TRIES = "50,000 open files; os.close(0), 1, 2"
SUCCESS = "stall"
CELL = r"""
import os
import sys

kept = []
try:
    for _ in range(50000):
        kept.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None
for number in (0, 1, 2):
    try:
        os.close(number)
    except OSError:
        pass
"""
