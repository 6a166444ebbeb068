"""Asks for a float64 sum."""

import numpy as np


def mean_return(returns):
    return np.mean(returns, dtype=np.float64)
