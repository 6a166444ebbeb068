"""Goes by the index of the step."""

import numpy as np


def returns(r, gamma):
    out, G = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        G = r[t] + gamma * G
        out[t] = G
    return out


def mc_update(V, ep, alpha, gamma, first_visit):
    V, G = V.astype(float), returns(ep.r, gamma)
    for t in range(len(ep.r)):
        s = ep.s[t]
        if first_visit and s in ep.s[:t]:
            continue
        V[s] = (1 - alpha) * V[s] + alpha * G[t]
    return V
