"""Divides by m instead of m - 1.

expects: not C / m
"""

import numpy as np


def vh_errors(m, C):
    e = np.full(m, np.sqrt(C / m))
    e[-1] = -(m - 1) * np.sqrt(C / m)
    return e
