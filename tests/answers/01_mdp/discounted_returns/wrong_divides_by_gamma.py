"""Divides a cumulative sum by powers of gamma, which fails for gamma = 0.

expects: NaN or infinity
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    powers = gamma ** np.arange(len(r) + 1)
    weighted = powers * np.append(r, last_value)
    return (np.cumsum(weighted[::-1])[::-1] / powers)[:-1]
