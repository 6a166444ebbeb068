"""Takes the best successor instead of the expectation.

expects: whatever its probability
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    tables = [np.zeros(mdp.R.shape) if Q0 is None else Q0]
    for _ in range(n):
        V = tables[-1].max(axis=1)
        tables.append(mdp.R + mdp.gamma * np.where(mdp.P > 0, V, -np.inf).max(axis=2))
    return np.array(tables)
