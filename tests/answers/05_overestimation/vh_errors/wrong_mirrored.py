"""One positive error, m - 1 negative ones.

expects: signs are turned around
"""

import numpy as np


def vh_errors(m, C):
    e = np.full(m, -np.sqrt(C / (m - 1)))
    e[-1] = np.sqrt(C * (m - 1))
    return e
