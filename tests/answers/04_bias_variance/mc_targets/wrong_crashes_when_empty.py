"""Starts with the last reward, which T = 0 does not have.

expects: stopped with IndexError
"""

import numpy as np


def mc_targets(ep, gamma):
    out = np.zeros(len(ep.r))
    out[-1] = ep.r[-1]
    for t in reversed(range(len(ep.r) - 1)):
        out[t] = ep.r[t] + gamma * out[t + 1]
    return out
