"""The lecture's formula to the letter: the sum runs to the fixed time k.

expects: sum runs to the fixed time n
"""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    out = np.zeros(T)
    for t in range(T):
        out[t] = sum(gamma ** (i - t) * r[i] for i in range(t, min(n + 1, T)))
        if t + n < T or not terminated:
            out[t] += gamma**n * V[min(t + n, T)]
    return out
