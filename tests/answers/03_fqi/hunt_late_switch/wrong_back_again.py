"""The tables change their mind at 55 and once more later: Q_50 was right.

expects: In no state the greedy action changes
"""

import numpy as np

from qlib import TabularMDP


def hunt_late_switch():
    # Action 1 enters a cycle of two states that pays +1, -1: its value swings with k.
    gamma = 0.98
    P = np.zeros((3, 2, 3))
    P[0, 0, 0] = P[0, 1, 1] = P[1, :, 2] = P[2, :, 1] = 1.0
    R = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    R[1], R[2] = 1.0, -1.0
    return TabularMDP(P, R, gamma)
