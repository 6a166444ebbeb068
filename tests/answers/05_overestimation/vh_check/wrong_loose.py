"""A tolerance of 5 %.

expects: The tolerance is too wide
"""

import numpy as np


def vh_check(err):
    e = np.asarray(err) / np.abs(err).max()
    b = np.sqrt((e**2).mean() / (len(e) - 1))
    return bool(abs(e.sum()) < 0.05 and abs(e.max() - b) < 0.05)
