"""Gives eps to each action.

expects: Each action gets eps, not eps / A
"""

import numpy as np


def greedy_probs(Q):
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]


def eps_greedy_probs(Q, eps):
    return (1 - eps) * greedy_probs(Q) + eps
