"""The parts do not meet.

expects: the offset is missing
"""

import numpy as np


def huber(x, delta):
    size = np.abs(x)
    return np.where(size <= delta, x**2 / 2, delta * size)
