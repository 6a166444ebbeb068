"""A long corridor; the wrong way behind the start."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_start():
    n = 6
    P = np.zeros((n, 2, n))
    for s in range(n - 1):
        P[s, 0, max(s - 1, 0)] = P[s, 1, s + 1] = 1.0
    P[n - 1, :, n - 1] = 1.0
    R = np.zeros((n, 2))
    R[n - 2, 1] = 1.0
    pi = np.tile([0.0, 1.0], (n, 1))
    pi[:3] = [1.0, 0.0]  # the start is state 3
    return TabularMDP(P, R, 0.9, terminal=np.arange(n) == n - 1, rho0=np.eye(n)[3]), pi
