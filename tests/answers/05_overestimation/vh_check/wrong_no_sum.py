"""Does not ask whether the errors cancel.

expects: Whether the errors cancel is not asked
"""

import numpy as np


def vh_check(err):
    e = np.asarray(err) / np.abs(err).max()
    b = np.sqrt((e**2).mean() / (len(e) - 1))
    return bool(abs(e.max() - b) < 1e-6)
