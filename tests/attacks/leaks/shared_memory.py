"""Shared memory and message queues of the machine."""

TRIES = "/dev/shm, /dev/mqueue and System V segments"
SUCCESS = "leak"
CELL = r"""
import ctypes
import glob
import os

for path in glob.glob("/dev/shm/*") + glob.glob("/dev/mqueue/*"):
    try:
        if os.path.isfile(path) and "qcourse" in path:
            with open(path, "rb") as file:
                tell(file.read(1_000_000))
    except OSError:
        pass
try:
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    segment = libc.shmget(@SHM@, 4096, 0)
    if segment >= 0:
        address = libc.shmat(segment, None, 0o10000)
        tell(ctypes.string_at(address, 200))
except Exception:
    pass
"""
