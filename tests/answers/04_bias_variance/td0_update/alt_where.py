"""`np.where` picks the entry."""

import numpy as np


def td0_update(V, s, r, s2, terminated, alpha, gamma):
    target = r + gamma * V[s2] * (not terminated)
    return np.where(np.arange(len(V)) == s, V + alpha * (target - V), V)
