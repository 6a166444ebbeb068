"""`itertools.accumulate` over the reversed rewards."""

from itertools import accumulate

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    backwards = accumulate(r[::-1], lambda g, reward: reward + gamma * g, initial=last_value)
    return np.array(list(backwards)[:0:-1], dtype=float)
