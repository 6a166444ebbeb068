"""Multiplies a solution by 2.

expects: a multiple of the other
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    P = np.zeros((2, 1, 2))
    P[:, :, 1] = 1.0
    mdp = TabularMDP(P, np.array([[1.0], [0.0]]), 1.0, terminal=np.array([False, True]))
    return mdp, np.array([[1.0], [0.0]]), np.array([[2.0], [0.0]])
