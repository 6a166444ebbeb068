"""Forty megabytes of text on stdout and as much on stderr."""

TRIES = "the reader and the stored notebook have to swallow 80 MB"
SUCCESS = "stall"
CELL = r"""
import sys

for _ in range(40):
    sys.stdout.write("x" * 999_999 + "\n")
    sys.stderr.write("y" * 999_999 + "\n")
"""
