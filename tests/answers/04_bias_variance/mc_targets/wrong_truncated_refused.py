"""Gives nothing for a truncated episode.

expects: target sequence of a truncated episode
"""

import numpy as np


def mc_targets(ep, gamma):
    if ep.truncated:
        return np.zeros(len(ep.r))
    G, out = 0.0, np.zeros(len(ep.r))
    for t in reversed(range(len(ep.r))):
        G = ep.r[t] + gamma * G
        out[t] = G
    return out
