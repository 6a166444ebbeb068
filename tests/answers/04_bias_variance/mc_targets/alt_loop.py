"""A loop of its own, backwards."""

import numpy as np


def mc_targets(ep, gamma):
    out = np.zeros(len(ep.r))
    G = 0.0
    for t in range(len(ep.r) - 1, -1, -1):
        G = ep.r[t] + gamma * G
        out[t] = G
    return out
