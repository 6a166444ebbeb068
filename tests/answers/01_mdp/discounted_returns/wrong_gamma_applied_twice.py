"""Weights the rewards with gamma^t first and then discounts in the recursion again.

expects: weighted with powers of gamma first
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    weighted = gamma ** np.arange(len(r)) * r
    G, g = np.zeros(len(r)), last_value
    for t in reversed(range(len(r))):
        g = weighted[t] + gamma * g
        G[t] = g
    return G
