"""Adds the rewards k = 0, 1, ... steps ahead to all t at once, and the last value after them."""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    padded = np.concatenate([np.asarray(r, dtype=np.float64), [last_value]])
    T = len(padded) - 1
    G, weight = np.zeros(T), 1.0
    for k in range(T + 1):
        G[: T + 1 - k] += weight * padded[k:][:T]
        weight *= gamma
    return G
