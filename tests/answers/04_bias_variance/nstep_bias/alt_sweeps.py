"""Moves the error one step at a time."""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    error = V - np.linalg.solve(np.eye(len(r)) - gamma * P, r)
    for _ in range(n):
        error = gamma * (P @ error)
    return error
