"""Compares x, not its size.

expects: The sign of the error counts
"""

import numpy as np


def huber(x, delta):
    return np.where(x <= delta, x**2 / 2, delta * (x - delta / 2))
