"""Forgets that the best action is certain where it is the only one.

expects: The only action has probability 1
"""

import numpy as np


def greedy_probs(Q):
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]


def eps_greedy_probs(Q, eps):
    A, g = Q.shape[1], greedy_probs(Q)
    off = eps / A
    rest = 1 - (A - 1) * off if A > 1 else eps / A
    return np.where(g > 0, rest, off)
