"""A finder on sys.meta_path serves a `grader.exams` whose `examine` gives full points."""

TRIES = "fake modules are imported in place of the exam and of the checks"
SUCCESS = "points"
CELL = r"""
import importlib.abc
import importlib.machinery
import sys


class Fake(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("grader", "exams") or name.startswith("qlib.checks"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.examine = lambda *a, **k: 2.0
        module.check = lambda *a, **k: None
        module.run_checks = lambda *a, **k: None


for name in [name for name in sys.modules if name.split(".")[0] == "grader"]:
    del sys.modules[name]
sys.meta_path.insert(0, Fake())
"""
