"""W is V.

expects: W is V
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_operator():
    P = np.zeros((3, 2, 3))
    P[:, 0, 1] = P[:, 1, 2] = 1.0
    mdp = TabularMDP(P, np.zeros((3, 2)), 0.9)
    return mdp, np.array([0.0, 1.0, 0.0]), np.array([0.0, 1.0, 0.0])
