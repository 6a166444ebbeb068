"""Adds to the rewards it was given.

expects: changes an array it was given
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    value = Qeval[np.arange(len(r)), Qsel.argmax(axis=1)]
    r += gamma * np.where(terminated, 0, value)
    return r
