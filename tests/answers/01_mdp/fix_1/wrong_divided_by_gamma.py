"""Divides the lecture's sum by gamma, which fails for gamma = 0.

expects: NaN or infinity
"""

import numpy as np


def fix_1(r, gamma):
    return np.sum(np.float64(gamma) ** np.arange(1, len(r) + 1) * r) / np.float64(gamma)
