"""One maximum of the whole table.

expects: over all states and actions at once
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    tables = [np.zeros(mdp.R.shape) if Q0 is None else Q0]
    for _ in range(n):
        tables.append(mdp.R + mdp.gamma * tables[-1].max() * np.ones(mdp.R.shape))
    return np.array(tables)
