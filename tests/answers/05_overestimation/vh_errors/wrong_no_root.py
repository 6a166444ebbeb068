"""Takes C for the size of an error.

expects: grow like its square root
"""

import numpy as np


def vh_errors(m, C):
    e = np.full(m, C / np.sqrt(m - 1))
    e[-1] = -C * np.sqrt(m - 1)
    return e
