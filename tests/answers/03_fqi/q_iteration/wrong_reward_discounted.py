"""Discounts the reward as well.

expects: The reward is discounted too
"""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    tables = [np.zeros(mdp.R.shape) if Q0 is None else Q0]
    for _ in range(n):
        tables.append(mdp.gamma * (mdp.R + mdp.P @ tables[-1].max(axis=1)))
    return np.array(tables)
