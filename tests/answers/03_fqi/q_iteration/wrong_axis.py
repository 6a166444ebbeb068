"""The maximum runs over states.

expects: The maximum runs over states
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    tables = [np.zeros(mdp.R.shape) if Q0 is None else Q0]
    for _ in range(n):
        tables.append(mdp.R + mdp.gamma * mdp.P @ tables[-1].max(axis=0))
    return np.array(tables)
