"""Knows the layout (K, B, A) only.

expects: the action is chosen already
"""

import numpy as np


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    Qs = Qs[list(idx)] if mode == "subset" else Qs
    value = Qs.mean(axis=0) if mode == "mean" else Qs.min(axis=0)
    value = value.max(axis=1)
    return r + gamma * np.where(term, 0.0, value)
