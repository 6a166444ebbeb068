"""Compares consecutive tables.

expects: Consecutive tables are compared
"""

import numpy as np


def read_off(Qs, s, eps):
    changed = np.flatnonzero(Qs[:, s].max(axis=1) != 0)
    news = changed[0] if len(changed) else -1
    policies = Qs.argmax(axis=2)
    settled = len(Qs) - 1
    while settled > 0 and (policies[settled - 1] == policies[-1]).all():
        settled -= 1
    change = np.abs(np.diff(Qs, axis=0)).max(axis=(1, 2))
    near = np.argmax(change <= eps) + 1 if (change <= eps).any() else len(Qs) - 1
    return news, settled, near
