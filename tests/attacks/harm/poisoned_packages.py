"""Modules and byte code of packages that the next student, or the grader, imports."""

TRIES = "files added to every writable folder on sys.path and to __pycache__ of the course"
SUCCESS = "harm"
CELL = r"""
import glob
import os
import sys

places = ["@COURSE@", "@COURSE@/grader", "@COURSE@/qlib", "@COURSE@/qlib/__pycache__", "@SITE@"]
places += [path for path in sys.path if path and "@HOME@" in path]
for place in places:
    try:
        with open(os.path.join(place, "poison.py"), "w") as file:
            file.write("raise SystemExit('poisoned')\n")
    except OSError:
        pass
for path in glob.glob("@COURSE@/*/__pycache__/*.pyc") + glob.glob("@COURSE@/grader/exams/*.py"):
    try:
        with open(path, "ab") as file:
            file.write(b"\n# poisoned\n")
    except OSError:
        pass
"""
