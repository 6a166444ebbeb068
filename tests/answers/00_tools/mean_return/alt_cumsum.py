"""The running sum, in float64."""

import numpy as np


def mean_return(returns):
    return np.cumsum(returns, dtype=np.float64)[-1] / len(returns)
