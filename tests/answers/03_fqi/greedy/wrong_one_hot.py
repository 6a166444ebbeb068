"""Returns probabilities.

expects: A row came back for each state
"""

import numpy as np


def greedy(Q):
    return np.eye(Q.shape[1])[Q.argmax(axis=1)]
