"""Returns all best actions of each state.

expects: wrong shape
"""

import numpy as np


def greedy(Q):
    return [np.flatnonzero(row == row.max()).tolist() for row in Q]
