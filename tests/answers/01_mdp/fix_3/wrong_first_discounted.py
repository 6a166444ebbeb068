"""Discounts the first reward.

expects: The first reward is discounted
"""

import numpy as np


def fix_3(r, gamma):
    return (r @ gamma ** np.arange(1, r.shape[1] + 1)).mean()
