"""Sums all rewards to the end and then bootstraps too.

expects: whole rest of the episode
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    out = np.zeros(T)
    for t in range(T):
        out[t] = gamma ** np.arange(T - t) @ r[t:]
        if t + n < T:
            out[t] += gamma**n * V[t + n]
        elif not terminated:
            out[t] += gamma ** (T - t) * V[T]
    return out
