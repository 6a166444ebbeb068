"""Sums the rewards after r_t only.

expects: missing from G_t
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G, g = np.zeros(len(r)), last_value
    for t in reversed(range(len(r))):
        G[t] = gamma * g
        g = r[t] + gamma * g
    return G
