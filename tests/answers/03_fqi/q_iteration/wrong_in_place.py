"""Sweeps in place: later entries use new ones.

expects: New entries are used within the sweep
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    Q = np.zeros(mdp.R.shape) if Q0 is None else Q0.copy()
    tables = [Q.copy()]
    for _ in range(n):
        for s in range(mdp.n_states):
            for a in range(mdp.n_actions):
                Q[s, a] = mdp.R[s, a] + mdp.gamma * mdp.P[s, a] @ Q.max(axis=1)
        tables.append(Q.copy())
    return np.array(tables)
