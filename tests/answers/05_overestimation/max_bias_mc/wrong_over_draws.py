"""The maximum runs over the draws, the mean over the actions.

expects: The maximum is taken over the draws
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=0)
    return x.mean() - np.max(mu), x.std() / np.sqrt(n)
