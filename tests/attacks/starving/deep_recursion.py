"""The recursion limit is lifted and the C stack overflows."""

TRIES = "sys.setrecursionlimit(10**9) and a repr of a deep list"
SUCCESS = "stall"
CELL = r"""
import sys

sys.setrecursionlimit(10**9)
deep = []
for _ in range(10**6):
    deep = [deep]
repr(deep)
"""
