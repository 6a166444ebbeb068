"""Averages the tables before the maximum.

expects: nothing is separated
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    return r + gamma * np.where(terminated, 0, ((Qsel + Qeval) / 2).max(axis=1))
