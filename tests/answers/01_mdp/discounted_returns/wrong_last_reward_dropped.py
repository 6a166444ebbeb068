"""Starts one step before the end: the reward of the last step is lost.

expects: The last reward is missing
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G, g = np.zeros(len(r)), last_value
    for t in reversed(range(len(r) - 1)):
        g = r[t] + gamma * g
        G[t] = g
    return G
