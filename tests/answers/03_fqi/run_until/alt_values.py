"""Iterates V and keeps Q."""

import numpy as np


def run_until(mdp, tol):
    Q = mdp.R.copy()
    k, change = 1, np.abs(Q).max()
    while mdp.gamma and change > tol * (1 - mdp.gamma) / 2 / mdp.gamma:
        V = Q.max(axis=1)
        new = mdp.R + mdp.gamma * mdp.P @ V
        change = max(abs(new - Q).ravel())
        Q = new
        k += 1
    return Q, k
