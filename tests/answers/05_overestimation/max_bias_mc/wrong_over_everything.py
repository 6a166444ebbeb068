"""One maximum over all draws and actions.

expects: The maximum is taken over the draws
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = rng.normal(mu, sigma, (n, len(mu)))
    return x.max() - np.max(mu), x.std(ddof=1) / np.sqrt(n)
