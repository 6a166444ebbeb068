"""Leave or stay: V says stay, W says leave, and the end is worth 0 in both."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_operator():
    P = np.zeros((2, 2, 2))
    P[0, 0, 1] = P[0, 1, 0] = P[1, :, 1] = 1.0
    mdp = TabularMDP(P, [[1.0, 0.0], [0.0, 0.0]], 0.5, terminal=np.array([False, True]))
    return mdp, [9.0, 0.0], [0.0, 0.0]
