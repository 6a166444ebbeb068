"""Looks at every entry."""

import numpy as np


def superscript(Q, mdp, pi):
    own = best = True
    for s, a in np.ndindex(*Q.shape):
        mean = sum(mdp.P[s, a, z] * (pi[z] @ Q[z]) for z in range(len(Q)))
        top = sum(mdp.P[s, a, z] * max(Q[z]) for z in range(len(Q)))
        own = own and abs(mdp.R[s, a] + mdp.gamma * mean - Q[s, a]) < 1e-7
        best = best and abs(mdp.R[s, a] + mdp.gamma * top - Q[s, a]) < 1e-7
    return {(1, 1): "both", (1, 0): "pi", (0, 1): "star", (0, 0): "neither"}[own, best]
