"""No errors at all.

expects: all errors are 0
"""

import numpy as np


def vh_errors(m, C):
    return np.zeros(m)
