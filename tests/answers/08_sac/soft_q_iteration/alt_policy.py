"""E[Q] + alpha H of the softmax policy."""

import numpy as np
from scipy.special import log_softmax


def soft_q_iteration(mdp, alpha, n):
    Q = np.zeros(mdp.R.shape)
    for _ in range(n):
        log_pi = log_softmax(Q / alpha, axis=1)
        V = (np.exp(log_pi) * (Q - alpha * log_pi)).sum(axis=1)
        V = np.where(mdp.terminal, 0.0, V)
        Q = mdp.R + mdp.gamma * mdp.P @ V
    return Q
