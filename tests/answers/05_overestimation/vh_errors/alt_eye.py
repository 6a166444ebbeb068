"""A constant minus a unit vector."""

import numpy as np


def vh_errors(m, C):
    e = 1 - m * np.eye(m)[0]
    return e * np.sqrt(C / (m - 1))
