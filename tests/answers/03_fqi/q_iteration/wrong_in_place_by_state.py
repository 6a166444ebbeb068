"""Sweeps in place, state by state.

expects: New entries are used within the sweep
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    Q = np.zeros(mdp.R.shape) if Q0 is None else Q0.copy()
    tables = [Q.copy()]
    for _ in range(n):
        for s in range(mdp.n_states):
            Q[s] = mdp.R[s] + mdp.gamma * mdp.P[s] @ Q.max(axis=1)
        tables.append(Q.copy())
    return np.array(tables)
