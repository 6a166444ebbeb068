"""The bad state can be reached, but the policy does not go there."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_start():
    P = np.zeros((3, 2, 3))
    P[0, 0, 1] = P[0, 1, 2] = 1.0  # left to 1, right to 2
    P[1, :, 1] = P[2, :, 2] = 1.0
    R = np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.0]])
    pi = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    return TabularMDP(P, R, 0.9, rho0=np.array([1.0, 0.0, 0.0])), pi
