"""Two states in a cycle that pays +1 and -1."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    P = np.array([[[0.0, 1.0]], [[1.0, 0.0]]])
    mdp = TabularMDP(P, np.array([[1.0], [-1.0]]), 1.0)
    return mdp, np.array([[1.0], [0.0]]), np.array([[11.0], [10.0]])
