"""Ties up to rounding, shared."""

import numpy as np


def greedy_probs(Q):
    best = np.isclose(Q, Q.max(axis=1, keepdims=True), rtol=1e-12, atol=1e-12)
    return best / best.sum(axis=1)[:, None]
