"""The lecture's sum, gamma^t with t from 1.

expects: the lecture's sum
"""

import numpy as np


def fix_1(r, gamma):
    return np.sum(gamma ** np.arange(1, len(r) + 1) * r)
