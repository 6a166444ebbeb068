"""Starts with 0 instead of V.

expects: V is ignored
"""

import numpy as np


def nstep_variance(P, r, sigma, V, gamma, n):
    m, u = np.zeros_like(V), np.zeros_like(V) ** 2
    for _ in range(n):
        u = r**2 + sigma**2 + 2 * gamma * r * (P @ m) + gamma**2 * (P @ u)
        m = r + gamma * (P @ m)
    return u - m**2
