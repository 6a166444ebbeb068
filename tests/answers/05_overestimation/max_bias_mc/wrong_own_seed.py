"""Makes a generator of its own.

expects: Is the generator made inside the function
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    rng = np.random.default_rng(0)
    x = rng.normal(mu, sigma, (n, len(mu))).max(axis=1)
    return x.mean() - np.max(mu), x.std(ddof=1) / np.sqrt(n)
