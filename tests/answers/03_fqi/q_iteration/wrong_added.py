"""Adds the backup to the old table.

expects: It replaces the old table
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    tables = [np.zeros(mdp.R.shape) if Q0 is None else Q0]
    for _ in range(n):
        tables.append(tables[-1] + mdp.R + mdp.gamma * mdp.P @ tables[-1].max(axis=1))
    return np.array(tables)
