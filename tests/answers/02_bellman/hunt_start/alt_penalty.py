"""Nothing to gain, but something to lose: V* is 0 everywhere."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_start():
    P = np.zeros((2, 2, 2))
    P[0, :, 0] = P[1, :, 1] = 1.0
    R = np.array([[0.0, 0.0], [0.0, -1.0]])
    pi = np.array([[0.5, 0.5], [0.0, 1.0]])
    return TabularMDP(P, R, 0.9, rho0=np.array([1.0, 0.0])), pi
