"""Treats every episode as one that terminated.

expects: The last value is ignored
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G, g = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        g = r[t] + gamma * g
        G[t] = g
    return G
