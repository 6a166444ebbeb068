"""Scales standard normal numbers."""

import numpy as np


def max_bias_mc(mu, sigma, n, rng):
    x = (mu + sigma * rng.standard_normal((n, len(mu)))).max(axis=1) - np.max(mu)
    return [x.mean(), x.std() / n**0.5]
