"""Takes sigma for the variance.

expects: used as a variance
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, np.sqrt(sigma), (n, len(mu))).max(axis=1)
    return x.mean() - np.max(mu), x.std(ddof=1) / np.sqrt(n)
