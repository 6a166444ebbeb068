"""A random one of the tied actions."""

import numpy as np


def greedy(Q):
    rng = np.random.default_rng()
    return np.array([rng.choice(np.flatnonzero(row == row.max())) for row in Q])
