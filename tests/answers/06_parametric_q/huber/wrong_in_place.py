"""Works in the array of the caller.

expects: The errors handed in are changed
"""

import numpy as np


def huber(x, delta):
    far = np.abs(x) > delta
    x[far] = delta * (np.abs(x[far]) - 0.5 * delta)
    x[~far] = 0.5 * x[~far] ** 2
    return x
