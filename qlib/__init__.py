"""qlib: the small library of the Q-learning course.

Worlds, exact solvers, rollouts, plots and checks. Parts load when they are first used, so
`import qlib` is quick and never imports torch.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

COURSE = "q-learning-course"  # tells this qlib from other packages of the same name

_HOME = {
    "Episode": "qlib.data",
    "TabularMDP": "qlib.mdp",
    "ToDo": "qlib.checks",
    "check": "qlib.checks",
}
_MODULES = (
    "checks",
    "data",
    "envs",
    "gym",
    "mdp",
    "nets",
    "plot",
    "replay",
    "rollouts",
    "solve",
    "train",
    "watch",
    "wire",
)

# Not the modules: `from qlib import *` would bind the module `rollouts` over the function.
__all__ = ["COURSE", "__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"qlib.{name}")
    raise AttributeError(f"module 'qlib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_MODULES])
