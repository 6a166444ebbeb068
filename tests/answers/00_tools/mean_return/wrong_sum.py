"""Forgets to divide.

expects: not right
"""

import numpy as np


def mean_return(returns):
    return np.sum(returns, dtype=np.float64)
