"""Compares squares."""

import numpy as np


def vh_check(err):
    e = np.asarray(err)
    c = np.mean(e**2)
    cancels = abs(e.sum()) <= 1e-7 * np.sqrt(c * len(e))
    return bool(cancels and e.max() > 0 and abs(e.max() ** 2 * (len(e) - 1) / c - 1) < 1e-6)
