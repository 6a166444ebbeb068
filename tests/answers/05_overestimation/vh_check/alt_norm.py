"""With the norm."""

import numpy as np


def vh_check(err):
    e = np.asarray(err) / np.linalg.norm(err)
    m = len(e)
    return bool(abs(e.sum()) < 1e-8 and abs(e.max() - 1 / np.sqrt(m * (m - 1))) < 1e-8)
