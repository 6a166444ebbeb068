"""V plus the discounted TD errors of the window."""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    values = np.array(V, dtype=float)
    values[T] = 0.0 if terminated else V[T]
    delta = r + gamma * values[1:] - values[:-1]
    return [
        values[t] + sum(gamma**i * delta[t + i] for i in range(min(n, T - t))) for t in range(T)
    ]
