"""x squared near 0.

expects: The factor ½ is missing near 0
"""

import numpy as np


def huber(x, delta):
    size = np.abs(x)
    return np.where(size <= delta, x**2, delta * (size - delta / 2))
