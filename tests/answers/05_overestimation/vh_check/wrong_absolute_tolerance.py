"""A fixed tolerance, whatever the size.

expects: tolerance has to grow with them
"""

import numpy as np


def vh_check(err):
    e = np.asarray(err)
    b = np.sqrt((e**2).mean() / (len(e) - 1))
    return bool(abs(e.sum()) < 1e-8 and abs(e.max() - b) < 1e-8)
