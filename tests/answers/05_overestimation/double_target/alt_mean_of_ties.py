"""Averages over tied actions: a greedy policy, too."""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    tied = Qsel == Qsel.max(axis=1, keepdims=True)
    value = (tied * Qeval).sum(axis=1) / tied.sum(axis=1)
    return r + gamma * np.where(terminated, 0, value)
