"""Returns the variance of one draw.

expects: variance of one draw
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return x.mean() - np.max(mu), x.var(ddof=1)
