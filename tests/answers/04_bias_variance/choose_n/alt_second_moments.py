"""The mean-square error from second moments and V^pi."""

import numpy as np


def choose_n(P, r, sigma, V, gamma, nmax):
    V_pi = np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    m, u, errors = V, V**2, {}
    for n in range(1, nmax + 1):
        u = r**2 + sigma**2 + 2 * gamma * r * (P @ m) + gamma**2 * (P @ u)
        m = r + gamma * (P @ m)
        errors[n] = np.mean(u - 2 * V_pi * m + V_pi**2)
    return min(errors, key=errors.get)
