"""One action after the other, from minus infinity."""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = np.full(n, -np.inf)
    for m in mu:
        np.maximum(x, rng.normal(m, sigma, n), out=x)
    return x.mean() - np.max(mu), x.std(ddof=1) / np.sqrt(n)
