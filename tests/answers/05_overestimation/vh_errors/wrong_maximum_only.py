"""Returns only the bound.

expects: wrong shape
"""

import numpy as np


def vh_errors(m, C):
    return np.sqrt(C / (m - 1))
