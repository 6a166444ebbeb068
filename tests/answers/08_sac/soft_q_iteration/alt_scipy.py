"""scipy's logsumexp."""

import numpy as np
from scipy.special import logsumexp


def soft_q_iteration(mdp, alpha, n):
    Q = np.zeros(mdp.R.shape)
    for _ in range(n):
        V = alpha * logsumexp(Q / alpha, axis=1)
        V = np.where(mdp.terminal, 0.0, V)
        Q = mdp.R + mdp.gamma * mdp.P @ V
    return Q
