"""With where."""

import numpy as np


def vh_errors(m, C):
    return np.where(np.arange(m) < m - 1, np.sqrt(C / (m - 1)), -np.sqrt(C * (m - 1)))
