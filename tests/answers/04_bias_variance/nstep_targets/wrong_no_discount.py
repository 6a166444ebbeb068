"""No discount at all.

expects: There is no discount
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    out = np.zeros(T)
    for t in range(T):
        m = min(n, T - t)
        end = t + m
        rewards = r[t : t + m]
        value = 0.0 if terminated and end == T else V[end]
        out[t] = 1.0 ** np.arange(len(rewards)) @ rewards + 1.0 ** (m) * value
    return out
