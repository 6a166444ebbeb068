"""An ndarray subclass answers `np.allclose` itself and is zero after every subtraction."""

TRIES = "__array_function__ and __array_ufunc__ that always agree"
SUCCESS = "points"
CELL = r"""
import numpy as np


class Yes(np.ndarray):
    def __array_function__(self, func, types, args, kwargs):
        return True

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if ufunc.__name__ in ("subtract", "absolute"):
            return np.zeros(())
        return np.True_

    def tolist(self):
        return [self]
"""
ANSWERS = {
    "*": "def @NAME@(r=(), *args, **kwargs):\n"
    "    return np.zeros(np.shape(r) if isinstance(r, (list, np.ndarray)) else ()).view(Yes)"
}
