"""Draws errors around 0, whatever the true values.

expects: true values are left out
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(0, sigma, (n, len(mu))).max(axis=1)
    return x.mean(), x.std(ddof=1) / np.sqrt(n)
