"""Updates the last state towards 0.

expects: The last state is updated too
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
    for s, G in zip(ep.s, [*returns(ep.r, gamma), 0.0], strict=True):
        if first_visit and s in seen:
            continue
        seen.add(s)
        V[s] += alpha * (G - V[s])
    return V
