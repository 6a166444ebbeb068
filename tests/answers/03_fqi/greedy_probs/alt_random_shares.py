"""Tied actions share at random."""

import numpy as np


def greedy_probs(Q):
    pi = np.random.default_rng().random(Q.shape) * (Q.max(axis=1, keepdims=True) == Q)
    return pi / pi.sum(axis=1, keepdims=True)
