"""Uses V[T] although the episode terminated.

expects: although the episode terminated
"""

import numpy as np


def lambda_returns(r, V, gamma, lam, terminated):
    T = len(r)
    values = np.append(V[:T], V[T])
    out, G = np.zeros(T), values[T]
    for t in reversed(range(T)):
        G = r[t] + gamma * ((1 - lam) * values[t + 1] + lam * G)
        out[t] = G
    return out
