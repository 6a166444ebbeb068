"""Environment variables and command lines of this process and of every other one."""

TRIES = "os.environ, /proc/*/environ, /proc/*/cmdline, the C library's environ"
SUCCESS = "leak"
CELL = r"""
import ctypes
import glob
import os

tell(repr(dict(os.environ)))
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    try:
        with open(path, "rb") as file:
            tell(file.read())
    except OSError:
        pass
try:
    variables = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    for i in range(200):
        if variables[i] is None:
            break
        tell(variables[i])
except Exception:
    pass
"""
