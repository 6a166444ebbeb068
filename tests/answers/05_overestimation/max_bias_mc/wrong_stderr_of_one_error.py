"""Forgets that the maximum varies less than one error.

expects: not of the maximum
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return x.mean() - np.max(mu), sigma / np.sqrt(n)
