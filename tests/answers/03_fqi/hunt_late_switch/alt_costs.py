"""A cost at once against small costs for ever."""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    gamma = 0.92
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1.0
    R = np.array([[-gamma * (1 - gamma**54) / (1 - gamma), 0.0], [-1.0, -1.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, terminal=np.array([False, False, True]))
