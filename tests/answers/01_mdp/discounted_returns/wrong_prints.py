"""Prints the result instead of returning it.

expects: is None
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G, g = np.zeros(len(r)), last_value
    for t in reversed(range(len(r))):
        g = r[t] + gamma * g
        G[t] = g
    print(G)
