"""Asks whether the bound holds, not whether it is attained.

expects: asked is whether the largest one equals it
"""

import numpy as np


def vh_check(err):
    e = np.asarray(err) / np.abs(err).max()
    b = np.sqrt((e**2).mean() / (len(e) - 1))
    return bool(abs(e.sum()) < 1e-6 and e.max() >= b - 1e-9)
