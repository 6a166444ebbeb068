"""Returns the list as it grew, from the end.

expects: reverse order of time
"""

import numpy as np


def mc_targets(ep, gamma):
    G, out = 0.0, []
    for reward in ep.r[::-1]:
        G = reward + gamma * G
        out.append(G)
    return np.array(out)
