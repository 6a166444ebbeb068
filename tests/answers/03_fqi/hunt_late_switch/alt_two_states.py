"""Two states: pay now and lose a little for ever, or stay in the loop."""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    gamma = 0.9
    P = np.zeros((2, 2, 2))
    P[0, 0, 1] = P[0, 1, 0] = P[1, :, 1] = 1.0
    # Staying pays 1 a step; leaving pays a lump sum, then nothing.
    lump = sum(gamma**i for i in range(55))
    R = np.array([[lump, 1.0], [0.0, 0.0]])
    return TabularMDP(P, R, gamma, terminal=np.array([False, True]))
