"""The longest target has no remainder of the weight.

expects: what is left of them
"""

import numpy as np


def steps(r, values, gamma, t, n):
    return sum(gamma**i * r[t + i] for i in range(n)) + gamma**n * values[t + n]


def lambda_returns(r, V, gamma, lam, terminated):
    T = len(r)
    values = np.append(V[:T], 0.0 if terminated else V[T])
    out = np.zeros(T)
    for t in range(T):
        N = T - t
        weights = [(1 - lam) * lam**n for n in range(N)]
        out[t] = sum(weights[n] * steps(r, values, gamma, t, n + 1) for n in range(len(weights)))
    return out
