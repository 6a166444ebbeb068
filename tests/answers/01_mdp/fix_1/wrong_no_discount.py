"""Leaves the discount out.

expects: There is no discount
"""

import numpy as np


def fix_1(r, gamma):
    return np.sum(r)
