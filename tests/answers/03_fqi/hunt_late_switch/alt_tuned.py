"""The lump sum between the opinions at 50 and 60."""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    gamma = 0.95
    loop = [gamma * (1 - gamma ** (k - 1)) / (1 - gamma) for k in (50, 60)]
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1.0
    R = np.array([[sum(loop) / 2, 0.0], [1.0, 1.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, terminal=np.array([False, False, True]))
