"""The recursion runs from the first reward to the last.

expects: from the first reward to the last
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G, g = np.zeros(len(r)), last_value
    for t in range(len(r)):
        g = r[t] + gamma * g
        G[t] = g
    return G
