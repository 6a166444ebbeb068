"""Subtracts the mean of the true values.

expects: not their maximum
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return x.mean() - np.mean(mu), x.std(ddof=1) / np.sqrt(n)
