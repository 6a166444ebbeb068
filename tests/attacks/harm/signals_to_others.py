"""Every process of this grading run that can be seen gets a signal."""

TRIES = "SIGKILL to the parent and to all processes that work in the course's folder"
SUCCESS = "harm"
CELL = r"""
import glob
import os
import signal

family = {os.getpid()}
for folder in glob.glob("/proc/[0-9]*"):
    pid = int(folder.rsplit("/", 1)[1])
    try:
        if pid not in family and os.readlink(f"{folder}/cwd") == "@COURSE@":
            os.kill(pid, signal.SIGKILL)
    except OSError:
        pass
"""
