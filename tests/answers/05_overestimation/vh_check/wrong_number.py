"""Returns the difference instead of a verdict.

expects: must be True or False
"""

import numpy as np


def vh_check(err):
    e = np.asarray(err) / np.abs(err).max()
    return float(e.max() - np.sqrt((e**2).mean() / (len(e) - 1)))
