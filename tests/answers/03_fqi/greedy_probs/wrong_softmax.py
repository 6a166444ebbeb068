"""A softmax.

expects: A softmax prefers good actions
"""

import numpy as np


def greedy_probs(Q):
    weights = np.exp(Q - Q.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
