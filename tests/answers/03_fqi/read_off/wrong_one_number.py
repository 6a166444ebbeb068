"""Returns one number.

expects: does not have 3 parts
"""

import numpy as np


def read_off(Qs, s, eps):
    changed = np.flatnonzero(Qs[:, s].max(axis=1) != 0)
    changed[0] if len(changed) else -1
    policies = Qs.argmax(axis=2)
    settled = len(Qs) - 1
    while settled > 0 and (policies[settled - 1] == policies[-1]).all():
        settled -= 1
    np.argmax(np.abs(Qs - Qs[-1]).max(axis=(1, 2)) <= eps)
    return settled
