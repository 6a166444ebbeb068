"""No terminal state: a loop that pays at first sight less."""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    gamma = 0.9
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1.0
    # State 2 pays 0 for ever without being terminal.
    R = np.array([[gamma * (1 - gamma**55) / (1 - gamma) * 100, 0.0], [100.0, 99.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma)
