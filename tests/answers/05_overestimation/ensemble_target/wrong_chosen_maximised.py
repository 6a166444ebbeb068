"""Maximises over the critics where the action is chosen already.

expects: the action is chosen already
"""

import numpy as np


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    Qs = Qs[list(idx)] if mode == "subset" else Qs
    if Qs.ndim == 2:
        return r + gamma * np.where(term, 0.0, Qs.max(axis=0))
    value = Qs.mean(axis=0) if mode == "mean" else Qs.min(axis=0)
    value = value.max(axis=1) if value.ndim == 2 else value
    return r + gamma * np.where(term, 0.0, value)
