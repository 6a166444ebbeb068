"""With take_along_axis."""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    best = Qsel.argmax(axis=-1)[:, None]
    value = np.take_along_axis(Qeval, best, axis=-1)[:, 0]
    return r + gamma * (1 - terminated) * value
