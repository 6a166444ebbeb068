"""Writes 0 into the last value.

expects: changes the rewards and values
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    if terminated:
        V[T] = 0.0
    else:
        V[T] = V[T] * gamma
    out = np.zeros(T)
    for t in range(T):
        m = min(n, T - t)
        last = V[T] / gamma if t + m == T and not terminated else V[t + m]
        out[t] = gamma ** np.arange(m) @ r[t : t + m] + gamma**m * last
    return out
