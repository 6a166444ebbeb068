"""Plain sums of n rewards.

expects: There is no bootstrap
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    out = np.zeros(T)
    for t in range(T):
        m = min(n, T - t)
        end = t + m
        rewards = r[t : t + m]
        value = 0.0 * V[end]
        out[t] = gamma ** np.arange(len(rewards)) @ rewards + gamma ** (m) * value
    return out
