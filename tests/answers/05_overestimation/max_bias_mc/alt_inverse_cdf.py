"""One uniform number a draw, through the inverse of the distribution function."""

import numpy as np
from scipy.special import ndtri


def max_bias_mc(mu, sigma, n, rng):
    u = rng.random((n, len(mu)))
    x = (np.asarray(mu) + sigma * ndtri(u)).max(axis=1)
    return x.mean() - np.max(mu), x.std(ddof=1) / np.sqrt(n)
