"""A softmax so sharp that nothing else than the best is left."""

import numpy as np


def greedy_probs(Q):
    weights = np.exp(1e12 * (Q - Q.max(axis=1, keepdims=True)))
    return weights / weights.sum(axis=1, keepdims=True)
