"""Returns one return for each trajectory.

expects: was a sum or a mean left out
"""

import numpy as np


def fix_3(r, gamma):
    return r @ gamma ** np.arange(r.shape[1])
