"""The lecture's order: exchanges the roles.

expects: The roles are exchanged
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    value = Qsel[np.arange(len(r)), Qeval.argmax(axis=1)]
    return r + gamma * np.where(terminated, 0, value)
