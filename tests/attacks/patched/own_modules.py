"""Files beside the notebook bear the names of the course's and the grader's modules."""

TRIES = "qlib.py, grader/exams.py, msgpack.py, sitecustomize.py beside the notebook"
SUCCESS = "points"
_FAKE = """
COURSE = "q-learning-course"
class ToDo(NotImplementedError):
    pass
def examine(*args, **kwargs):
    return 2.0
def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *args, **kwargs: 2.0
"""
FILES = {
    "qlib.py": _FAKE,
    "grader/__init__.py": "",
    "grader/exams.py": _FAKE,
    "msgpack.py": _FAKE,
    "sitecustomize.py": _FAKE,
    "oracle.py": "def total(r, gamma):\n    return 0.0\n",
}
CELL = r"""
import os
import sys

sys.path.insert(0, os.getcwd())
for name in list(sys.modules):
    if name.split(".")[0] in ("qlib", "grader", "msgpack", "oracle"):
        del sys.modules[name]
from grader.exams import examine
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return 0.0"}
