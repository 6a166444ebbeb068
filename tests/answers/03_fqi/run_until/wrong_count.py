"""Does not count the last sweep.

expects: the last sweep is not counted
"""

import numpy as np


def run_until(mdp, tol):
    Q, k = np.zeros(mdp.R.shape), 0
    limit = tol * (1 - mdp.gamma) / (2 * mdp.gamma) if mdp.gamma else np.inf
    while True:
        new = mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)
        k += 1
        old, Q = Q, new
        if np.abs(Q - old).max() <= limit:
            return Q, k - 1
