"""The slope.

expects: This is the slope
"""

import numpy as np


def huber(x, delta):
    return np.clip(x, -delta, delta)
