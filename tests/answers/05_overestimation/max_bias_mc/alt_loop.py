"""One draw after the other."""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    out = []
    for _ in range(n):
        out.append(max(m + sigma * rng.standard_normal() for m in mu) - max(mu))
    out = np.array(out)
    return float(out.mean()), float(out.std() / np.sqrt(n))
