"""gamma = 0.99, large rewards, and the lump sum halfway between two opinions."""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    gamma, pay = 0.99, 900.0 / 45
    Q, opinions = 0.0, []
    for _ in range(61):
        opinions.append(gamma * Q)
        Q = pay + gamma * Q
    lump = (opinions[50 - 1] + opinions[60 - 1]) / 2
    P = np.zeros((3, 2, 3))
    P[0, 0, 1] = P[0, 1, 2] = P[1, :, 1] = P[2, :, 2] = 1.0
    R = np.array([[0.0, lump], [pay, pay], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, np.array([False, False, True]))
