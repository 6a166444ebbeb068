"""Moves towards the reward.

expects: towards the reward
"""

import numpy as np


def returns(r, gamma):
    out, G = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        G = r[t] + gamma * G
        out[t] = G
    return out


def mc_update(V, ep, alpha, gamma, first_visit):
    V, seen = V.copy(), set()
    for s, r in zip(ep.s[:-1], ep.r, strict=True):
        if not (first_visit and s in seen):
            V[s] += alpha * (r - V[s])
        seen.add(s)
    return V
