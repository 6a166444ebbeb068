"""In a tie the evaluating table chooses among all actions, not among the tied ones.

expects: uses a third one
"""

import numpy as np


def double_target(r, Qsel, Qeval, terminated, gamma):
    tied = Qsel >= Qsel.max(axis=1, keepdims=True) - 1e-9
    value = np.where(tied.sum(axis=1) > 1, Qeval.max(axis=1), (tied * Qeval).sum(axis=1))
    return r + gamma * np.where(terminated, 0, value)
