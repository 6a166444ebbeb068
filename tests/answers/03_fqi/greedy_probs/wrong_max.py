"""Puts the largest value where a probability belongs: the lecture's slip.

expects: The values stand where probabilities
"""

import numpy as np


def greedy_probs(Q):
    return np.where(Q.max(axis=1, keepdims=True) == Q, Q, 0.0)
