"""Cuts the list into (state, action) pairs with an iterator used twice."""

import numpy as np


def fix_2(tau, R, gamma):
    it = iter(tau[:-1])
    rewards = np.array([R[pair] for pair in zip(it, it, strict=True)], dtype=float)
    return np.polynomial.polynomial.polyval(gamma, np.append(rewards, 0.0))
