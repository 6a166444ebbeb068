"""The mean of the target by Bellman backups, minus V^pi."""

import numpy as np


def nstep_bias(P, r, V, gamma, n):
    mean = np.array(V)
    for _ in range(n):
        mean = r + gamma * P @ mean
    return mean - np.linalg.inv(np.eye(len(r)) - gamma * P) @ r
