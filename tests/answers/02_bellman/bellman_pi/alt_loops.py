"""Four loops."""

import numpy as np


def bellman_pi(Q, mdp, pi):
    S, A = mdp.R.shape
    result = np.zeros((S, A))
    for s in range(S):
        for a in range(A):
            result[s, a] = mdp.R[s, a]
            for z in range(S):
                for b in range(A):
                    result[s, a] += mdp.gamma * mdp.P[s, a, z] * pi[z, b] * Q[z, b]
    return result
