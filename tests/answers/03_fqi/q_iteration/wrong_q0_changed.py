"""Works in the caller's Q0.

expects: The first call has changed Q0
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    Q = np.zeros(mdp.R.shape) if Q0 is None else Q0
    tables = [Q.copy()]
    for _ in range(n):
        Q[:] = mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)
        tables.append(Q.copy())
    return np.array(tables)
