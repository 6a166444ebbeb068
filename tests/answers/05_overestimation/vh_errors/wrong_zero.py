"""No errors at all.

expects: mean of the squared errors is not C
"""

import numpy as np


def vh_errors(m, C):
    return np.zeros(m)
