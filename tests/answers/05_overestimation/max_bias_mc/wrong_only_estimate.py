"""Returns the estimate without its standard error.

expects: Two things have to be returned
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return x.mean() - np.max(mu)
