"""Returns only the bound.

expects: not only the largest of them
"""

import numpy as np


def vh_errors(m, C):
    return np.sqrt(C / (m - 1))
