"""Takes C for the sum of the squares.

expects: mean of the squares, not their sum
"""

import numpy as np


def vh_errors(m, C):
    e = np.full(m, np.sqrt(C / (m * (m - 1))))
    e[-1] = -np.sqrt(C * (m - 1) / m)
    return e
