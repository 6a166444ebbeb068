"""Bootstraps past the end.

expects: still contains Q(s')
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    value = Qeval[np.arange(len(r)), Qsel.argmax(axis=1)]
    return r + gamma * value
