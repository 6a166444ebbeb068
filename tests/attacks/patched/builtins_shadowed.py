"""Builtins are shadowed: every absolute value is 0, every `all` is True."""

TRIES = "builtins.abs and builtins.all replaced"
SUCCESS = "points"
CELL = r"""
import builtins

abs = builtins.abs = lambda x: 0.0
all = builtins.all = lambda x: True
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return 0.0"}
