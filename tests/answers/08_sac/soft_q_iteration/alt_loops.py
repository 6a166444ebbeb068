"""Pair by pair."""

import math

import numpy as np


def soft_q_iteration(mdp, alpha, n):
    S, A = mdp.R.shape
    Q = np.zeros((S, A))
    for _ in range(n):
        V = []
        for s in range(S):
            top = Q[s].max()
            soft = top + alpha * math.log(sum(math.exp((q - top) / alpha) for q in Q[s]))
            V.append(0.0 if mdp.terminal[s] else soft)
        Q = np.array(
            [[mdp.R[s, a] + mdp.gamma * (mdp.P[s, a] @ V) for a in range(A)] for s in range(S)]
        )
    return Q
