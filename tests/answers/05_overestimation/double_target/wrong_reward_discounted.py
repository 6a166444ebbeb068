"""Discounts the reward, too.

expects: reward is discounted
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    value = Qeval[np.arange(len(r)), Qsel.argmax(axis=1)]
    return gamma * (r + np.where(terminated, 0, value))
