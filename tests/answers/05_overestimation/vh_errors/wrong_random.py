"""Random errors with the right premises.

expects: largest error is above the bound
"""

import numpy as np


def vh_errors(m, C):
    e = np.random.default_rng(3).normal(size=m)
    e -= e.mean()
    return e * np.sqrt(C / (e**2).mean())
