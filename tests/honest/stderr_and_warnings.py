"""Warnings and stderr in cells: deprecations, logs, a C-level message."""

CELL = r"""
import logging
import os
import sys
import warnings

warnings.simplefilter("always")
warnings.warn("an old function", DeprecationWarning)
print("to stderr", file=sys.stderr)
logging.basicConfig(level=logging.DEBUG)
logging.getLogger("mine").debug("hello")
os.write(2, b"from C\n")
"""
