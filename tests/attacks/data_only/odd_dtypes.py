"""Dates, structured and object arrays, complex numbers, text that spells numbers."""

TRIES = "dtypes whose comparison with floats is odd: NaT, void, object, complex NaN, str"
SUCCESS = "points"
CELL = r"""
import numpy as np

n_odd = 0
KINDS = [
    lambda n: np.full(n, np.datetime64("NaT")),
    lambda n: np.zeros(n, dtype=[("a", float)]),
    lambda n: np.array([None] * n, dtype=object),
    lambda n: np.full(n, complex("nan+nanj")),
    lambda n: np.array(["nan"] * n),
    lambda n: np.ones(n, bool),
    lambda n: np.array([b"0"] * n),
]


def odd(r):
    global n_odd
    n_odd += 1
    return KINDS[n_odd % len(KINDS)](np.size(getattr(r, "rho0", r)))
"""
ANSWERS = {"*": "def @NAME@(r=0.0, *args, **kwargs):\n    return odd(r)"}
