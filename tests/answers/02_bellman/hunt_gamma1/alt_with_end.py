"""Leave for 1, or wait for nothing: waiting may look worth more."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    P = np.zeros((2, 2, 2))
    P[0, 0, 1] = P[0, 1, 0] = P[1, :, 1] = 1.0
    R = np.array([[1.0, 0.0], [0.0, 0.0]])
    mdp = TabularMDP(P, R, 1.0, terminal=np.array([False, True]))
    return mdp, np.array([[1.0, 1.0], [0.0, 0.0]]), np.array([[1.0, 4.0], [0.0, 0.0]])
