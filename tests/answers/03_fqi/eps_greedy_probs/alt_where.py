"""Two cases."""

import numpy as np


def greedy_probs(Q):
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]


def eps_greedy_probs(Q, eps):
    A = Q.shape[1]
    return np.where(greedy_probs(Q) == 1, 1 - eps + eps / A, eps / A)
