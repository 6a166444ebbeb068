"""What the student graded before has left: files, modules, environment, shared state."""

TRIES = "traces of a classmate's run in /tmp, the home folder, the working folder and in memory"
SUCCESS = "leak"
CELL = r"""
import builtins
import glob
import os
import sys

for place in ("/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~"), os.getcwd()):
    for path in glob.glob(f"{place}/*") + glob.glob(f"{place}/.*"):
        try:
            if os.path.isfile(path) and os.path.getsize(path) < 10_000_000:
                with open(path, "rb") as file:
                    tell(file.read())
        except OSError:
            pass
tell(repr(vars(builtins)))
for name in ("numpy", "qlib", "sys", "os"):
    if name in sys.modules:
        tell(repr(getattr(sys.modules[name], "left_behind", "")))
tell(repr(dict(os.environ)))
"""
