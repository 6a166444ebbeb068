"""The exam module is imported by name or found by path, and its checks are emptied."""

TRIES = "import grader.exams.nb01_mdp in the notebook, replace its checks, call its oracles"
SUCCESS = "points"
CELL = r"""
import importlib
import sys

for root in ("@COURSE@", "/", *sys.path):
    if root not in sys.path:
        sys.path.append(root)
for name in ("grader.exams.nb01_mdp", "grader.exams", "nb01_mdp"):
    try:
        module = importlib.import_module(name)
    except Exception:
        continue
    module.examine = lambda *a, **k: 2.0
    for value in list(vars(module).values()):
        for check in getattr(value, "checks", None) or ():
            try:
                object.__setattr__(check, "body", lambda answer, rng: None)
            except Exception:
                pass
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return 0.0"}
