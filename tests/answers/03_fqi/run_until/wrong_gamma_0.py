"""Divides by gamma = 0.

expects: stopped with ZeroDivisionError
"""

import numpy as np


def run_until(mdp, tol):
    Q, k = np.zeros(mdp.R.shape), 0
    limit = float(tol) * (1 - mdp.gamma) / (2 * mdp.gamma)
    while True:
        old, Q, k = Q, mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1), k + 1
        if np.abs(Q - old).max() <= limit:
            return Q, k
