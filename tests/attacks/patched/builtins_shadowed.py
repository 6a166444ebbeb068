"""Builtins are shadowed: every absolute value is 0, every `all` and `isinstance` is True."""

TRIES = "builtins.abs, all, any, max, isinstance, len replaced"
SUCCESS = "points"
CELL = r"""
import builtins

abs = builtins.abs = lambda x: 0.0
all = builtins.all = lambda x: True
max = builtins.max = lambda *a, **k: 0.0
round = builtins.round = lambda *a: 0.0
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return 0.0"}
