"""The law of total variance, step by step."""

import numpy as np


def nstep_variance(P, r, sigma, V, gamma, n):
    m, v = V, np.zeros(len(r))
    for _ in range(n):
        spread = P @ m**2 - (P @ m) ** 2
        v = sigma**2 + gamma**2 * (P @ v + spread)
        m = r + gamma * P @ m
    return v
