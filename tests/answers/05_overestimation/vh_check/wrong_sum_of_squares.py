"""Takes C for the sum of the squares.

expects: C is the mean of the squares, not their sum
"""

import numpy as np


def vh_check(err):
    e = np.asarray(err) / np.abs(err).max()
    b = np.sqrt((e**2).sum() / (len(e) - 1))
    return bool(abs(e.sum()) < 1e-6 and abs(e.max() - b) < 1e-6)
