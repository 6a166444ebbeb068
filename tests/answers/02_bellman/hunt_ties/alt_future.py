"""The tie is made by the future, not by the reward."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_ties():
    P = np.zeros((2, 3, 2))
    P[0, 0, 0] = P[0, 1, 1] = P[0, 2, 0] = P[1, :, 1] = 1.0
    R = np.array([[1.0, 0.0, -1.0], [2.0, 2.0, 2.0]])
    mdp = TabularMDP(P, R, 0.5)  # 1 / (1 - 0.5) = 2 = 0.5 * 2 / (1 - 0.5)
    return mdp, np.array([[1.0, 0, 0], [1, 0, 0]]), np.array([[0.5, 0.5, 0], [1, 0, 0]])
