"""Truth minus estimate.

expects: sign is turned around
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return np.max(mu) - x.mean(), x.std(ddof=1) / np.sqrt(n)
