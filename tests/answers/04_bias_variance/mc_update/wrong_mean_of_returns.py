"""Averages the returns of a state into one update.

expects: averaged into one update
"""

import numpy as np


def returns(r, gamma):
    out, G = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        G = r[t] + gamma * G
        out[t] = G
    return out


def mc_update(V, ep, alpha, gamma, first_visit):
    V, G = V.copy(), returns(ep.r, gamma)
    for s in set(ep.s[:-1].tolist()):
        mine = G[ep.s[:-1] == s]
        V[s] += alpha * ((mine[0] if first_visit else mine.mean()) - V[s])
    return V
