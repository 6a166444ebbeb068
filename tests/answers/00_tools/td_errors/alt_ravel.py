"""Flattens both."""

import numpy as np


def td_errors(q, target):
    return np.subtract(target.ravel(), q.ravel())
