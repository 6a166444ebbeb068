"""The hard maximum.

expects: hard maximum
"""

import numpy as np


def soft_q_iteration(mdp, alpha, n):
    Q = np.zeros(mdp.R.shape)
    for _ in range(n):
        V = Q.max(axis=1)
        V = np.where(mdp.terminal, 0.0, V)
        Q = mdp.R + mdp.gamma * mdp.P @ V
    return Q
