"""A weight that starts at 1 and shrinks."""

import numpy as np


def fix_1(r, gamma):
    weights = np.cumprod(np.concatenate([[1.0], np.full(len(r) - 1, gamma)]))
    return float(np.inner(weights, r))
