"""n sweeps of the one-step target, from the last one on."""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    values = np.append(V[:T], 0.0 if terminated else V[T])
    target = values
    for _ in range(min(n, T)):
        target = np.append(r + gamma * target[1:], values[T])
    return target[:T]
