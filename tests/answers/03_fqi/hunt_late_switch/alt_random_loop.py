"""The loop is left now and then."""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    gamma, stay = 0.95, 0.99
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[2, :, 2] = 1.0
    P[1, :, 1], P[1, :, 2] = stay, 1 - stay
    g = gamma * stay
    lump = gamma * (1 - g**54) / (1 - g)
    R = np.array([[lump, 0.0], [1.0, 1.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, terminal=np.array([False, False, True]))
