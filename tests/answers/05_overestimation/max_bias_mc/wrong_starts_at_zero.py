"""A running maximum that begins at 0.

expects: begins at 0
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = np.zeros(n)
    for a in range(len(mu)):
        x = np.maximum(x, rng.normal(mu[a], sigma, n))
    return x.mean() - np.max(mu), x.std(ddof=1) / np.sqrt(n)
