"""The change comes after sweep 60.

expects: A change comes later, at sweep 71
"""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1.0
    R = np.array([[0.9 * (1 - 0.9**70) / 0.1, 0.0], [1.0, 1.0], [0.0, 0.0]])
    return TabularMDP(P, R, 0.9, terminal=np.array([False, False, True]))
