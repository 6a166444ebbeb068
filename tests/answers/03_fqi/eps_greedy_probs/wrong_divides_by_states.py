"""Divides by the number of states.

expects: eps is divided by the number of states
"""

import numpy as np


def greedy_probs(Q):
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]


def eps_greedy_probs(Q, eps):
    return eps / Q.shape[0] + (1 - eps) * greedy_probs(Q)
