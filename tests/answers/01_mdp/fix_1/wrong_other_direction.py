"""Starts with gamma^(-1).

expects: in the wrong direction
"""

import numpy as np


def fix_1(r, gamma):
    return np.sum(np.float64(gamma) ** (np.arange(len(r)) - 1.0) * r)
