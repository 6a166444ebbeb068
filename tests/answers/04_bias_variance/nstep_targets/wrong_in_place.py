"""Writes the targets over the rewards.

expects: changes the rewards and values
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    for t in range(T):
        m = min(n, T - t)
        value = 0.0 if terminated and t + m == T else V[t + m]
        r[t] = gamma ** np.arange(m) @ r[t : t + m] + gamma**m * value
    return r
