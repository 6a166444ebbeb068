"""Single precision."""

import numpy as np


def greedy_probs(Q):
    pi = np.zeros(Q.shape, dtype=np.float32)
    pi[np.arange(len(Q)), Q.argmax(1)] = 1
    return pi
