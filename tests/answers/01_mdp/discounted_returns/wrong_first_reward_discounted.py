"""The lecture's sum: gamma^(t+1) in place of gamma^t.

expects: discounted once too often
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G, g = np.zeros(len(r)), last_value
    for t in reversed(range(len(r))):
        g = gamma * (r[t] + g)
        G[t] = g
    return G
