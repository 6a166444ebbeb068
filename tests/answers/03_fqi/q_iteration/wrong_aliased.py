"""Stores the same array n + 1 times.

expects: the same array is stored again and again
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    Q = np.zeros(mdp.R.shape) if Q0 is None else Q0.copy()
    tables = [Q]
    for _ in range(n):
        Q[:] = mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)
        tables.append(Q)
    return np.array(tables)
