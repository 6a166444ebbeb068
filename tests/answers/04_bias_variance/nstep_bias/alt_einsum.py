"""einsum and a list."""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    error = V - np.linalg.lstsq(np.eye(len(r)) - gamma * P, r, rcond=None)[0]
    for _ in range(n):
        error = gamma * np.einsum("ij,j->i", P, error)
    return error.tolist()
