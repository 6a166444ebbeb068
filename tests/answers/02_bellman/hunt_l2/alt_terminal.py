"""With a terminal state."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_l2():
    P = np.zeros((3, 4, 3))
    P[:2, :, 0] = 1.0
    P[2, :, 2] = 1.0
    Q1, Q2 = np.zeros((3, 4)), np.zeros((3, 4))
    Q2[0, 2] = 0.5
    return TabularMDP(P, np.zeros((3, 4)), 0.9, terminal=np.arange(3) == 2), Q1, Q2
