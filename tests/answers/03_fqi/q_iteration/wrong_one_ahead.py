"""Begins with the table after the first sweep.

expects: the table before any sweep
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    tables, Q = [], np.zeros(mdp.R.shape) if Q0 is None else Q0
    for _ in range(n + 1):
        Q = mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)
        tables.append(Q)
    return np.array(tables)
