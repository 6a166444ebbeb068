"""Adds up in float32.

expects: beside a large number the small ones vanish
"""

import numpy as np


def mean_return(returns):
    return np.cumsum(returns, dtype=np.float32)[-1] / len(returns)
