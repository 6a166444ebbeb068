"""The smaller of the two values at the selected action.

expects: clipped double Q
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    best = Qsel.argmax(axis=1)
    rows = np.arange(len(r))
    value = np.minimum(Qsel[rows, best], Qeval[rows, best])
    return r + gamma * np.where(terminated, 0, value)
