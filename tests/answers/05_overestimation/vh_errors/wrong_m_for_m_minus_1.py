"""Divides by m instead of m - 1.

expects: m - 1 of them share
"""

import numpy as np


def vh_errors(m, C):
    e = np.full(m, np.sqrt(C / m))
    e[-1] = -(m - 1) * np.sqrt(C / m)
    return e
