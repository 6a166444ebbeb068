"""One error for all actions of a draw.

expects: Each needs its own
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = (mu + rng.normal(0, sigma, (n, 1))).max(axis=1)
    return x.mean() - np.max(mu), x.std(ddof=1) / np.sqrt(n)
