"""Selects the worst action.

expects: smallest value selects
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    value = Qeval[np.arange(len(r)), Qsel.argmin(axis=1)]
    return r + gamma * np.where(terminated, 0, value)
