"""Four states.

expects: Terminal states count too
"""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    P = np.zeros((4, 2, 4))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = P[3, :, 3] = 1.0
    R = np.zeros((4, 2))
    R[0, 0], R[1] = 0.9 * (1 - 0.9**54) / 0.1, 1.0
    return TabularMDP(P, R, 0.9, terminal=np.arange(4) >= 2)
