"""A function that calls itself on the rest of the episode."""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    if len(r) == 0:
        return np.zeros(0)
    rest = discounted_returns(r[1:], gamma, last_value)
    following = rest[0] if len(rest) else last_value
    return np.concatenate([[r[0] + gamma * following], rest])
