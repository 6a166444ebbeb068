"""Every module in sys.modules, and the exam imported by name: source, strings, closures."""

TRIES = "inspect.getsource of whatever is importable from the grader"
SUCCESS = "leak"
CELL = r"""
import importlib
import inspect
import sys

for root in ("@COURSE@", "/", "/course", "/repo"):
    sys.path.append(root)
for name in ("grader", "grader.exams", "grader.exams.nb01_mdp", "grader.examine", "nb01_mdp"):
    try:
        importlib.import_module(name)
    except Exception as error:
        tell(repr(error))
for name, module in list(sys.modules.items()):
    if name.split(".")[0] in ("grader", "qlib", "nb01_mdp", "__main__", "oracle"):
        try:
            tell(inspect.getsource(module))
        except Exception:
            pass
        try:
            tell(repr(vars(module)))
        except Exception:
            pass
"""
