"""Starts with the true values.

expects: true values stand in the place of V
"""

import numpy as np


def nstep_variance(P, r, sigma, V, gamma, n):
    start = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    m, u = start, start**2
    for _ in range(n):
        u = r**2 + sigma**2 + 2 * gamma * r * (P @ m) + gamma**2 * (P @ u)
        m = r + gamma * (P @ m)
    return u - m**2
