"""Forgets to divide.

expects: This is the sum, not the mean
"""

import numpy as np


def mean_return(returns):
    return np.sum(returns, dtype=np.float64)
