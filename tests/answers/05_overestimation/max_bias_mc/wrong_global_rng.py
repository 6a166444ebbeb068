"""Draws from NumPy's global generator.

expects: the generator that is handed in
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = np.random.normal(mu, sigma, (n, len(mu))).max(axis=1)  # noqa: NPY002
    return x.mean() - np.max(mu), x.std(ddof=1) / np.sqrt(n)
