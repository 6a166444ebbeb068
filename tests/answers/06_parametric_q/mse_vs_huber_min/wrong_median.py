"""The median for Huber.

expects: The second is the median
"""

import numpy as np


def mse_vs_huber_min(y, p):
    order = np.argsort(y)
    k = np.searchsorted(np.cumsum(p[order]), 0.5)
    return float(np.sum(p * y)), float(y[order][k])
