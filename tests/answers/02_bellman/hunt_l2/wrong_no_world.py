"""Returns only the tables.

expects: does not have the parts
"""

import numpy as np


def hunt_l2():
    return np.zeros((1, 4)), np.eye(1, 4)
