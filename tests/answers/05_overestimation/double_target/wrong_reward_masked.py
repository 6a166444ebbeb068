"""Masks the reward, too.

expects: loses its reward
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    value = Qeval[np.arange(len(r)), Qsel.argmax(axis=1)]
    return (1 - terminated) * (r + gamma * value)
