"""Exchanges eps and 1 - eps.

expects: are exchanged
"""

import numpy as np


def greedy_probs(Q):
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]


def eps_greedy_probs(Q, eps):
    return eps * greedy_probs(Q) + (1 - eps) / Q.shape[1]
