"""Ignores lambda.

expects: n = 1, whatever lambda
"""

import numpy as np


def lambda_returns(r, V, gamma, lam, terminated):
    T = len(r)
    values = np.append(V[:T], 0.0 if terminated else V[T])
    out, G = np.zeros(T), values[T]
    for t in reversed(range(T)):
        G = r[t] + gamma * values[t + 1]
        out[t] = G
    return out
