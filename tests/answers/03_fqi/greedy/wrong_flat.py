"""One argmax of the whole table.

expects: wrong shape
"""

import numpy as np


def greedy(Q):
    return np.argmax(Q)
