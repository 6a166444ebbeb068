"""The exam's own `Exercise` is rewritten so that one free check carries all points."""

TRIES = "qlib.checks.Exercise, Check and run_checks patched; free points at each exercise"
SUCCESS = "points"
CELL = r"""
import gc

try:
    from qlib.checks import Check, Exercise

    def free(answer, rng):
        return None

    def every():
        for thing in gc.get_objects():
            if isinstance(thing, Check):
                object.__setattr__(thing, "body", free)
                object.__setattr__(thing, "points", 50.0)

    every()
    made = Check.__init__

    def init(self, *args, **kwargs):
        made(self, *args, **kwargs)
        object.__setattr__(self, "body", free)

    Check.__init__ = init
except ImportError:
    pass
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    every()\n    return 0.0"}
