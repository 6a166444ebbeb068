"""Simulates with a hundred thousand draws: not exact enough.

expects: a simulation is not exact enough
"""

import numpy as np


def gap_bias(d):
    rng = np.random.default_rng()
    x = rng.normal(size=(100_000, 2)) - [0, d]
    return x.max(axis=1).mean()
