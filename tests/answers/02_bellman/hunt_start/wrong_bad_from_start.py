"""The policy is bad where it starts.

expects: In state 0 it takes action 1
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_start():
    P = np.zeros((2, 2, 2))
    P[0, :, 0] = P[1, :, 1] = 1.0
    R = np.array([[1.0, 0.0], [1.0, 0.0]])
    return TabularMDP(P, R, 0.9, rho0=np.array([1.0, 0.0])), np.array([[0.0, 1.0], [1.0, 0.0]])
