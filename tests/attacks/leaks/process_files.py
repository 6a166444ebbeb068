"""Folders and open files of other processes through /proc: root, cwd, fd, maps."""

TRIES = "/proc/*/root, /proc/*/cwd and /proc/*/fd lead out of the sandbox"
SUCCESS = "leak"
CELL = r"""
import glob
import os

for process in glob.glob("/proc/[0-9]*"):
    for path in (
        [f"{process}/root@CLASSMATE@", f"{process}/root@COURSE@/grader/exams/nb01_mdp.py"]
        + glob.glob(f"{process}/cwd/*.db")
        + glob.glob(f"{process}/cwd/*/*/*.ipynb")
        + glob.glob(f"{process}/fd/*")
    ):
        try:
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    tell(file.read(5_000_000))
        except OSError:
            pass
"""
