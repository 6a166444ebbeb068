"""A function that calls itself; the values by the inverse matrix."""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    if n == 0:
        return V - np.linalg.inv(np.eye(len(P)) - gamma * P) @ r
    return gamma * P @ nstep_bias(P, r, V, gamma, n - 1)
