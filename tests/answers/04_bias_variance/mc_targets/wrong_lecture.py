"""The lecture's sum: gamma^(t+1) in place of gamma^t.

expects: discounted once too often
"""

import numpy as np


def mc_targets(ep, gamma):
    G, out = 0.0, np.zeros(len(ep.r))
    for t in reversed(range(len(ep.r))):
        G = gamma * (ep.r[t] + G)
        out[t] = G
    return out
