"""Also returns the last value, as a return of step T.

expects: off by one
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G = np.zeros(len(r) + 1)
    G[-1] = last_value
    for t in reversed(range(len(r))):
        G[t] = r[t] + gamma * G[t + 1]
    return G
