"""Casts the sum, after it was made in float32.

expects: beside a large number the small ones vanish
"""

import numpy as np


def mean_return(returns):
    total = np.float32(0)
    for x in returns:
        total += x
    return np.float64(total) / len(returns)
