"""Ties share unequally."""

import numpy as np


def eps_greedy_probs(Q, eps):
    weights = (Q.max(axis=1, keepdims=True) == Q) * np.arange(1.0, Q.shape[1] + 1)
    return eps / Q.shape[1] + (1 - eps) * weights / weights.sum(axis=1, keepdims=True)
