"""Appends what cancels the rest."""

import numpy as np


def vh_errors(m, C):
    e = np.repeat(np.sqrt(C / (m - 1)), m - 1)
    return np.append(e, -e.sum())
