"""Forgets gamma.

expects: discount is missing
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    value = Qeval[np.arange(len(r)), Qsel.argmax(axis=1)]
    return r + np.where(terminated, 0, value)
