"""Returns the standard deviation of one draw.

expects: standard deviation of one draw
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return x.mean() - np.max(mu), x.std(ddof=1)
