"""Selects with one set of errors, evaluates with another.

expects: double estimator
"""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    chosen = rng.normal(mu, sigma, (n, len(mu))).argmax(axis=1)
    x = np.asarray(mu)[chosen] + rng.normal(0, sigma, n)
    return x.mean() - np.max(mu), x.std(ddof=1) / np.sqrt(n)
