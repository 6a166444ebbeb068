"""Sums and sums of squares in blocks."""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    total = square = 0.0
    for block in np.array_split(np.arange(n), 7):
        x = rng.normal(mu, sigma, (len(block), len(mu))).max(axis=1) - np.max(mu)
        total, square = total + x.sum(), square + (x**2).sum()
    mean = total / n
    return mean, np.sqrt(max(square / n - mean**2, 0.0) / n)
