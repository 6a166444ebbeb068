"""With a one-hot matrix."""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    chosen = np.eye(Qsel.shape[1])[Qsel.argmax(axis=1)]
    return r + gamma * np.logical_not(terminated) * (chosen * Qeval).sum(axis=1)
