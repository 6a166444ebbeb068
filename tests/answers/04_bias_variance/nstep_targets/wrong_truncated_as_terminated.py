"""Never bootstraps at the end.

expects: as if it had terminated
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    out = np.zeros(T)
    for t in range(T):
        m = min(n, T - t)
        end = t + m
        rewards = r[t : t + m]
        value = 0.0 if end == T else V[end]
        out[t] = gamma ** np.arange(len(rewards)) @ rewards + gamma ** (m) * value
    return out
