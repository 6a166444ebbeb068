"""Uses terminated the wrong way round.

expects: wrong way round
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    value = Qeval[np.arange(len(r)), Qsel.argmax(axis=1)]
    return r + gamma * np.where(terminated, value, 0)
