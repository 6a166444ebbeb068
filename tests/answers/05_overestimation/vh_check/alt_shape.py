"""Compares with the only shape there is: m - 1 equal errors, one that cancels them."""

import numpy as np


def vh_check(err):
    e = np.sort(np.asarray(err, dtype=float))
    tol = 1e-7 * -e[0]
    return bool(e[0] < 0 and np.ptp(e[1:]) <= tol and abs(e.sum()) <= tol)
