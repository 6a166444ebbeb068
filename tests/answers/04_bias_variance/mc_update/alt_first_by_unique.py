"""`np.unique` finds first visits; a loop for the others."""

import numpy as np


def returns(r, gamma):
    out, G = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        G = r[t] + gamma * G
        out[t] = G
    return out


def mc_update(V, ep, alpha, gamma, first_visit):
    V, G, s = V.copy(), returns(ep.r, gamma), ep.s[:-1]
    use = np.sort(np.unique(s, return_index=True)[1]) if first_visit else np.arange(len(s))
    for t in use:
        V[s[t]] += alpha * (G[t] - V[s[t]])
    return V
