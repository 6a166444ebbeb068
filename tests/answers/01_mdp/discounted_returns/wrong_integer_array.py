"""Fills an array made like r: integer rewards give integer returns.

expects: cut to whole numbers
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G, g = np.zeros_like(r), last_value
    for t in reversed(range(len(r))):
        g = r[t] + gamma * g
        G[t] = g
    return G
