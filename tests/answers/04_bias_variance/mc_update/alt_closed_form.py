"""Weights alpha (1 - alpha)^j of the returns of each state."""

import numpy as np


def returns(r, gamma):
    out, G = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        G = r[t] + gamma * G
        out[t] = G
    return out


def mc_update(V, ep, alpha, gamma, first_visit):
    V, G, s = V.copy(), returns(ep.r, gamma), ep.s[:-1]
    for state in np.unique(s):
        mine = G[s == state]
        mine = mine[:1] if first_visit else mine
        decay = (1.0 - alpha) ** np.arange(len(mine))[::-1]
        V[state] = (1.0 - alpha) ** len(mine) * V[state] + alpha * (decay @ mine)
    return V
