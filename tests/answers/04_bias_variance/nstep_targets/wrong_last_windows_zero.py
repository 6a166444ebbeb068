"""Leaves the last windows at 0.

expects: Windows that reach the end
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    out = np.zeros(T)
    for t in range(T - n):
        out[t] = gamma ** np.arange(n) @ r[t : t + n] + gamma**n * V[t + n]
    return out
