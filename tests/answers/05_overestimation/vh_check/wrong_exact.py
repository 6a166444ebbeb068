"""Compares floating-point numbers with ==.

expects: Rounding has to be forgiven
"""

import numpy as np


def vh_check(err):
    e = np.asarray(err)
    b = np.sqrt((e**2).mean() / (len(e) - 1))
    return bool(e.sum() == 0 and e.max() == b)
