"""Reads the last reward before asking whether there is one.

expects: stopped with IndexError
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G = np.zeros(len(r))
    G[-1] = r[-1] + gamma * last_value
    for t in reversed(range(len(r) - 1)):
        G[t] = r[t] + gamma * G[t + 1]
    return G
