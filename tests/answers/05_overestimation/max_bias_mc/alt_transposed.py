"""Actions on the first axis."""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = (np.asarray(mu)[:, None] + sigma * rng.normal(size=(len(mu), n))).max(axis=0)
    gap = x - max(mu)
    return np.array([gap.mean(), np.sqrt(gap.var(ddof=1) / n)])
