"""The recursion starts at V[T] after a termination.

expects: starts with V(s_T)
"""

import numpy as np


def lambda_returns(r, V, gamma, lam, terminated):
    T = len(r)
    values = np.append(V[:T], 0.0 if terminated else V[T])
    out, G = np.zeros(T), float(V[T])
    for t in reversed(range(T)):
        G = r[t] + gamma * ((1 - lam) * values[t + 1] + lam * G)
        out[t] = G
    return out
