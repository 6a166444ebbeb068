"""Divides the bias by the square root of the number of actions.

expects: square root of the number of actions
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return (x.mean() - np.max(mu)) / np.sqrt(len(mu)), x.std(ddof=1) / np.sqrt(n)
