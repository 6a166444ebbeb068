"""A weighted mean of two policies."""

import numpy as np


def greedy_probs(Q):
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]


def eps_greedy_probs(Q, eps):
    uniform = np.full(Q.shape, 1 / Q.shape[1])
    return np.average([greedy_probs(Q), uniform], axis=0, weights=[1 - eps, eps])
