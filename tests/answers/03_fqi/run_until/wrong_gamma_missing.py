"""Forgets gamma in the denominator.

expects: lacks gamma in the denominator
"""

import numpy as np


def run_until(mdp, tol):
    Q, k = np.zeros(mdp.R.shape), 0
    while True:
        new = mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)
        k += 1
        old, Q = Q, new
        if np.abs(Q - old).max() <= tol * (1 - mdp.gamma) / 2:
            return Q, k
