"""The best action gets 1 - eps and no part of eps.

expects: the best action gets a part of eps too
"""

import numpy as np


def greedy_probs(Q):
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]


def eps_greedy_probs(Q, eps):
    g = greedy_probs(Q)
    return np.where(g > 0, 1 - eps, eps / Q.shape[1])
