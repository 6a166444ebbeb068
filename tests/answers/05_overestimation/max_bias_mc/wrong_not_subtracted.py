"""Returns the mean of the maximum itself.

expects: true maximum has to be subtracted
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return x.mean(), x.std(ddof=1) / np.sqrt(n)
