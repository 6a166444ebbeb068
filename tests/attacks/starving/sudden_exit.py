"""The process ends: os._exit in the first cell."""

TRIES = "os._exit(0) as if all were well"
SUCCESS = "stall"
CELL = r"""
import os

os._exit(0)
"""
