"""Uses V[T] although the episode terminated.

expects: although the episode terminated
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    out = np.zeros(T)
    for t in range(T):
        m = min(n, T - t)
        end = t + m
        rewards = r[t : t + m]
        value = V[end]
        out[t] = gamma ** np.arange(len(rewards)) @ rewards + gamma ** (m) * value
    return out
