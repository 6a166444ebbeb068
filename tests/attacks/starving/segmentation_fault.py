"""A null pointer is read."""

TRIES = "ctypes.string_at(0)"
SUCCESS = "stall"
CELL = r"""
import ctypes

ctypes.string_at(0)
"""
