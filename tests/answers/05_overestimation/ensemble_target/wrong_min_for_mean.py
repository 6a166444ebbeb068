"""Takes the min in mode mean, too.

expects: min over the critics
"""

import numpy as np


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    Qs = Qs[list(idx)] if mode == "subset" else Qs
    value = Qs.min(axis=0)
    value = value.max(axis=1) if value.ndim == 2 else value
    return r + gamma * np.where(term, 0.0, value)
