"""Puts the last value in the place of the last reward.

expects: replaces the last reward
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G, g = np.zeros(len(r)), last_value
    for t in reversed(range(len(r))):
        if t < len(r) - 1 or last_value == 0:
            g = r[t] + gamma * g
        G[t] = g
    return G
