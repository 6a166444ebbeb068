"""The gap is below rounding: gamma is too small.

expects: less than the gap
"""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1.0
    R = np.array([[0.5 * (1 - 0.5**54) / 0.5, 0.0], [1.0, 1.0], [0.0, 0.0]])
    return TabularMDP(P, R, 0.5, terminal=np.array([False, False, True]))
