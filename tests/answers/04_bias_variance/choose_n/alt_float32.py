"""Single precision, and a generator of scores; returns NumPy's integer."""

import numpy as np


def scores(P, r, sigma, V, gamma, nmax):
    error = V - np.linalg.solve(np.eye(len(r), dtype=np.float32) - gamma * P, r)
    m, v = V, np.zeros_like(V)
    for _ in range(nmax):
        v = sigma**2 + gamma**2 * (P @ v + P @ m**2 - (P @ m) ** 2)
        m, error = r + gamma * P @ m, gamma * P @ error
        yield error @ error + v.sum()


def choose_n(P, r, sigma, V, gamma, nmax):
    single = [np.asarray(x, dtype=np.float32) for x in (P, r, sigma, V, gamma)]
    return np.argmin(list(scores(*single, nmax))) + 1
