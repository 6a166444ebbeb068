"""Ignores first_visit.

expects: Every visit is used
"""

import numpy as np


def returns(r, gamma):
    out, G = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        G = r[t] + gamma * G
        out[t] = G
    return out


def mc_update(V, ep, alpha, gamma, first_visit):
    V = V.copy()
    for s, G in zip(ep.s[:-1], returns(ep.r, gamma), strict=True):
        V[s] += alpha * (G - V[s])
    return V
