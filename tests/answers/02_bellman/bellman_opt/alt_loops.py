"""Loops, with Python's max."""

import numpy as np


def bellman_opt(Q, mdp):
    S, A = mdp.R.shape
    result = np.zeros((S, A))
    for s in range(S):
        for a in range(A):
            total = 0.0
            for z in range(S):
                total += mdp.P[s, a, z] * max(Q[z])
            result[s, a] = mdp.R[s, a] + mdp.gamma * total
    return result
