"""Loops over states."""

import numpy as np


def advantage(Q, pi):
    A = np.zeros_like(Q)
    for s in range(len(Q)):
        A[s] = Q[s] - pi[s] @ Q[s]
    return A
