"""The policy tosses a coin where nobody is."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_start():
    P = np.zeros((2, 3, 2))
    P[:, :, 1] = 1.0
    P[1] = 0.0
    P[1, :, 0] = 1.0
    P[0] = 0.0
    P[0, :, 0] = 1.0
    R = np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 0.0]])
    pi = np.array([[1.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3]])
    return TabularMDP(P, R, 0.8, rho0=np.array([1.0, 0.0])), pi
