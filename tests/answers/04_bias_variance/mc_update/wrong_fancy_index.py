"""One vectorised update: of repeated states only the last visit counts.

expects: Of several visits only the last one counts
"""

import numpy as np


def returns(r, gamma):
    out, G = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        G = r[t] + gamma * G
        out[t] = G
    return out


def mc_update(V, ep, alpha, gamma, first_visit):
    V, s, G = V.copy(), ep.s[:-1], returns(ep.r, gamma)
    if first_visit:
        s, where = np.unique(s, return_index=True)
        G = G[where]
    V[s] += alpha * (G - V[s])
    return V
