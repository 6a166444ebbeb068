"""Two states and no end: stay and earn nearly as much, or go to the better loop."""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    gamma = 0.9
    x = gamma**54
    r = (gamma - x) / (1 - x)
    P = np.zeros((2, 2, 2))
    P[0, 0, 0] = P[0, 1, 1] = P[1, :, 1] = 1.0
    R = np.array([[r, 0.0], [1.0, 1.0]])
    return TabularMDP(P, R, gamma)
