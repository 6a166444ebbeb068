"""The running maximum starts at 0.

expects: the value is never below 0
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    tables = [np.zeros(mdp.R.shape) if Q0 is None else Q0]
    for _ in range(n):
        V = np.maximum(tables[-1].max(axis=1), 0.0)
        tables.append(mdp.R + mdp.gamma * mdp.P @ V)
    return np.array(tables)
