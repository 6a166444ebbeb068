"""Weights with gamma^t counted from the start of the episode, and does not divide again.

expects: counts from the start of the episode
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    weighted = gamma ** np.arange(len(r)) * r
    return np.cumsum(weighted[::-1])[::-1] + gamma ** len(r) * last_value
