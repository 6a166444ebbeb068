"""The negative error is as large as the others.

expects: as large as each of the positive ones
"""

import numpy as np


def vh_errors(m, C):
    e = np.full(m, np.sqrt(C))
    e[-1] = -np.sqrt(C)
    return e
