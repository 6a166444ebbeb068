"""The recursion starts at 0 after a truncation.

expects: The recursion starts with 0
"""

import numpy as np


def lambda_returns(r, V, gamma, lam, terminated):
    T = len(r)
    values = np.append(V[:T], 0.0 if terminated else V[T])
    out, G = np.zeros(T), 0.0
    for t in reversed(range(T)):
        G = r[t] + gamma * ((1 - lam) * values[t + 1] + lam * G)
        out[t] = G
    return out
