"""Recursive."""

import numpy as np
from scipy.special import logsumexp


def soft_q_iteration(mdp, alpha, n):
    if n == 0:
        return np.zeros(mdp.R.shape)
    V = alpha * logsumexp(soft_q_iteration(mdp, alpha, n - 1) / alpha, axis=1)
    V[mdp.terminal] = 0.0
    return mdp.R + mdp.gamma * np.tensordot(mdp.P, V, axes=1)
