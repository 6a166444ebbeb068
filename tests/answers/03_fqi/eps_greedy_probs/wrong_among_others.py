"""Spreads eps over the other actions only.

expects: among the other actions only
"""

import numpy as np


def greedy_probs(Q):
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]


def eps_greedy_probs(Q, eps):
    A = Q.shape[1]
    g = greedy_probs(Q)
    return (1 - eps) * g + (1 - g) * eps / max(1, A - 1)
