"""Works backwards and returns the list as it grew.

expects: the reverse order of time
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    G, g = [], last_value
    for reward in r[::-1]:
        g = reward + gamma * g
        G.append(g)
    return np.array(G)
