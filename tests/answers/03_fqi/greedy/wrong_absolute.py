"""The largest absolute value.

expects: largest absolute values
"""

import numpy as np


def greedy(Q):
    return np.abs(Q).argmax(axis=1)
