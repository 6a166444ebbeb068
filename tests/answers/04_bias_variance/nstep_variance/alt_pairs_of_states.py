"""Spread over next states as a sum over pairs of states."""

import numpy as np


def nstep_variance(P, r, sigma, V, gamma, n):
    mean, var = np.array(V), np.zeros(len(r))
    for _ in range(n):
        gaps = (mean[:, None] - mean[None, :]) ** 2
        spread = 0.5 * np.einsum("si,sj,ij->s", P, P, gaps)
        var = sigma**2 + gamma**2 * (P @ var + spread)
        mean = r + gamma * P @ mean
    return var
