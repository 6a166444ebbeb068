"""Averages absolute errors of the maximum.

expects: mean absolute error
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    y = np.abs(x - np.max(mu))
    return y.mean(), y.std(ddof=1) / np.sqrt(n)
