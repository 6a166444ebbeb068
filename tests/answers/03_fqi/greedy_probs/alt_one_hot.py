"""The first of the best actions gets everything."""

import numpy as np


def greedy_probs(Q):
    return np.eye(Q.shape[1])[np.argmax(Q, axis=1)]
