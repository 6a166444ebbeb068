"""A thread outlives its cell and keeps replacing the exam, the checks and numpy's comparisons."""

TRIES = "a background thread patches whatever the test cell imports, for 30 s"
SUCCESS = "points"
CELL = r"""
import sys
import threading
import time


def patch():
    end = time.time() + 30
    while time.time() < end:
        for name, module in list(sys.modules.items()):
            if name == "grader.exams":
                module.examine = lambda *a, **k: 2.0
            if name in ("numpy", "torch"):
                module.allclose = lambda *a, **k: True
                module.array_equal = lambda *a, **k: True
        time.sleep(0.002)


threading.Thread(target=patch, daemon=True).start()
time.sleep(0.05)
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return 0.0"}
