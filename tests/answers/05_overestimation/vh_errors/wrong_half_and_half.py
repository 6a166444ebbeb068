"""Equally many positive and negative errors.

expects: The fewer errors are positive
"""

import numpy as np


def vh_errors(m, C):
    e = np.sqrt(C) * np.resize([1.0, -1.0], m)
    e[-1] = 0.0 if m % 2 else e[-1]
    return e * np.sqrt(C / (e**2).mean())
