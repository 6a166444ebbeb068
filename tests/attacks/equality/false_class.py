"""Objects claim to be what they are not: `__class__`, `__module__` and `__qualname__` lie."""

TRIES = "an impostor of the record types whose fields change with every look"
SUCCESS = "points"
CELL = r"""
import numpy as np


class Episode:
    __module__ = "qlib.data"
    __class__ = property(lambda self: np.ndarray)
    looks = 0

    def __getattribute__(self, name):
        if name in ("s", "a", "r"):
            type(self).looks += 1
            return np.zeros(Episode.looks % 3)
        if name in ("terminated", "truncated"):
            type(self).looks += 1
            return bool(Episode.looks % 2)
        return object.__getattribute__(self, name)


Episode.__qualname__ = "Episode"
"""
ANSWERS = {"*": "def @NAME@(*args, **kwargs):\n    return Episode()"}
