"""Simulates with a million draws: not exact enough.

expects: is not right
"""

import numpy as np


def gap_bias(d):
    rng = np.random.default_rng()
    x = rng.normal(size=(100_000, 2)) - [0, d]
    return x.max(axis=1).mean()
