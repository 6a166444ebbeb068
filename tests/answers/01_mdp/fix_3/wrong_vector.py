"""Returns one return for each trajectory.

expects: combined into one
"""

import numpy as np


def fix_3(r, gamma):
    return r @ gamma ** np.arange(r.shape[1])
