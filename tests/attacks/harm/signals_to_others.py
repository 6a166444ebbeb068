"""Every process of this grading run that can be seen gets a signal."""

TRIES = "SIGKILL to the parent and to all processes whose command line names this run"
SUCCESS = "harm"
CELL = r"""
import glob
import os
import signal

mine = os.getpid()
for folder in glob.glob("/proc/[0-9]*"):
    pid = int(folder.rsplit("/", 1)[1])
    try:
        with open(f"{folder}/cmdline", "rb") as file:
            line = file.read()
        if pid != mine and b"@RUN@" in line:
            os.kill(pid, signal.SIGKILL)
    except OSError:
        pass
"""
