"""Memory of the parent and of every other process, through /proc/PID/mem and ptrace's cousin."""

TRIES = "/proc/*/mem and process_vm_readv of other processes"
SUCCESS = "leak"
CELL = r"""
import ctypes
import glob
import os


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


libc = ctypes.CDLL(None, use_errno=True)
me = os.getpid()
for folder in glob.glob("/proc/[0-9]*"):
    pid = int(folder.rsplit("/", 1)[1])
    if pid == me:
        continue
    try:
        with open(f"{folder}/maps") as file:
            areas = [line.split() for line in file]
    except OSError:
        continue
    budget = 200_000_000
    for area in areas:
        if "rw" not in area[1]:
            continue
        start, end = (int(x, 16) for x in area[0].split("-"))
        size = min(end - start, 50_000_000)
        budget -= size
        if budget < 0:
            break
        data = b""
        try:
            with open(f"{folder}/mem", "rb", 0) as memory:
                memory.seek(start)
                data = memory.read(size)
        except (OSError, ValueError, OverflowError):
            buffer = ctypes.create_string_buffer(size)
            local, remote = Vector(ctypes.addressof(buffer), size), Vector(start, size)
            n = libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
            data = buffer.raw[: max(n, 0)]
        tell(data)
"""
