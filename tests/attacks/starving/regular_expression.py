"""A regular expression that backtracks for a very long time inside one C call."""

TRIES = "catastrophic backtracking"
SUCCESS = "stall"
CELL = r"""
import re
import time

end, n = time.time() + 30, 24
while time.time() < end:
    re.match(r"(a+)+$", "a" * n + "b")
    n += 1
"""
