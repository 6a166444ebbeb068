"""One table does both jobs.

expects: The evaluating table selects the action, too
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    return r + gamma * np.where(terminated, 0, Qeval.max(axis=1))
