"""Compares the largest absolute error.

expects: is the largest absolute error compared
"""

import numpy as np


def vh_check(err):
    e = np.asarray(err) / np.abs(err).max()
    b = np.sqrt((e**2).mean() / (len(e) - 1))
    return bool(abs(e.sum()) < 1e-6 and abs(np.abs(e).max() - b) < 1e-6)
