"""Returns arrays instead of a world.

expects: of type tuple
"""

import numpy as np


def hunt_late_switch():
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 1] = P[2, :, 2] = 1.0
    return P, np.array([[8.97, 0.0], [1.0, 1.0], [0.0, 0.0]]), 0.9
