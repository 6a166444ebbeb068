"""Bootstraps from V(s_{t+n-1}).

expects: one state too early
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    out = np.zeros(T)
    for t in range(T):
        m = min(n, T - t)
        end = t + m
        rewards = r[t : t + m]
        value = 0.0 if terminated and end == T else V[max(end - 1, 0)]
        out[t] = gamma ** np.arange(len(rewards)) @ rewards + gamma ** (m) * value
    return out
