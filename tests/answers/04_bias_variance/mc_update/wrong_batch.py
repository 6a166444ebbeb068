"""Every visit starts from the old V.

expects: All visits start from the old V
"""

import numpy as np


def returns(r, gamma):
    out, G = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        G = r[t] + gamma * G
        out[t] = G
    return out


def mc_update(V, ep, alpha, gamma, first_visit):
    new, seen = V.copy(), set()
    for s, G in zip(ep.s[:-1], returns(ep.r, gamma), strict=True):
        if not (first_visit and s in seen):
            new[s] += alpha * (G - V[s])
        seen.add(s)
    return new
