"""All errors at once."""

import numpy as np


def bias_and_variance(P, r, sigma, V, gamma, nmax):
    """Both for n = 0 ... nmax, (nmax + 1, S) each."""
    error = V - np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    m, v, biases, variances = V, np.zeros(len(r)), [error], [np.zeros(len(r))]
    for _ in range(nmax):
        v = sigma**2 + gamma**2 * (P @ v + P @ m**2 - (P @ m) ** 2)
        m = r + gamma * P @ m
        error = gamma * P @ error
        biases.append(error)
        variances.append(v)
    return np.array(biases), np.array(variances)


def choose_n(P, r, sigma, V, gamma, nmax):
    b, v = bias_and_variance(P, r, sigma, V, gamma, nmax)
    b, v = b[1:], v[1:]
    score = (b**2 + v).mean(axis=1)
    return int(np.argmin(score)) + 1
