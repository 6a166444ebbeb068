"""The last table that disagrees.

expects: the actions stay from the next one on
"""

import numpy as np


def read_off(Qs, s, eps):
    changed = np.flatnonzero(Qs[:, s].max(axis=1) != 0)
    news = changed[0] if len(changed) else -1
    differs = (Qs.argmax(axis=2) != Qs[-1].argmax(axis=1)).any(axis=1)
    settled = np.flatnonzero(differs).max(initial=-1)
    near = np.argmax(np.abs(Qs - Qs[-1]).max(axis=(1, 2)) <= eps)
    return news, settled, near
