"""V plus TD errors, discounted by gamma lambda."""

import numpy as np


def lambda_returns(r, V, gamma, lam, terminated):
    T = len(r)
    values = np.append(V[:T], 0.0 if terminated else V[T])
    delta = r + gamma * values[1:] - values[:-1]
    trace, out = 0.0, np.zeros(T)
    for t in reversed(range(T)):
        trace = delta[t] + gamma * lam * trace
        out[t] = values[t] + trace
    return out
