"""Loops over pairs."""

import numpy as np


def q_from_v(V, mdp):
    Q = np.empty(mdp.R.shape)
    for s, a in np.ndindex(*Q.shape):
        Q[s, a] = mdp.R[s, a] + mdp.gamma * sum(p * v for p, v in zip(mdp.P[s, a], V, strict=True))
    return Q
