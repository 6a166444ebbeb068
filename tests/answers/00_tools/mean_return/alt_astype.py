"""Casts first."""

import numpy as np


def mean_return(returns):
    return returns.astype(np.float64).mean()
