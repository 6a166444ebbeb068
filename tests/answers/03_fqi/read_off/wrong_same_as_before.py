"""The first table with the same actions as the one before.

expects: `settled` is not right
"""

import numpy as np


def read_off(Qs, s, eps):
    changed = np.flatnonzero(Qs[:, s].max(axis=1) != 0)
    news = changed[0] if len(changed) else -1
    policies = Qs.argmax(axis=2)
    settled = np.argmax((policies[1:] == policies[:-1]).all(axis=1)) + 1
    near = np.argmax(np.abs(Qs - Qs[-1]).max(axis=(1, 2)) <= eps)
    return news, settled, near
