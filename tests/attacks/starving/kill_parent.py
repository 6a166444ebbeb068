"""The parent of the process is killed, and whatever leads its process group."""

TRIES = "SIGKILL to the parent and the group, from the cell"
SUCCESS = "stall"
CELL = r"""
import os
import signal

if os.getppid() > 1:
    os.kill(os.getppid(), signal.SIGKILL)
"""
