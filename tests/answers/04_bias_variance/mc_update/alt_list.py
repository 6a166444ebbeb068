"""A Python list as the table."""

import numpy as np


def returns(r, gamma):
    out, G = np.zeros(len(r)), 0.0
    for t in reversed(range(len(r))):
        G = r[t] + gamma * G
        out[t] = G
    return out


def mc_update(V, ep, alpha, gamma, first_visit):
    table = V.tolist()
    steps = list(enumerate(ep.s[:-1].tolist()))
    if first_visit:
        steps = [(t, s) for t, s in steps if s not in ep.s[:t].tolist()]
    G = returns(ep.r, gamma)
    for t, s in steps:
        table[s] += alpha * (G[t] - table[s])
    return table
