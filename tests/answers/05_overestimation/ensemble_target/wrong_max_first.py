"""Every critic takes its own maximum first.

expects: Combine the critics action by action
"""

import numpy as np


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    Qs = Qs[list(idx)] if mode == "subset" else Qs
    Qs = Qs.max(axis=2) if Qs.ndim == 3 else Qs
    value = Qs.mean(axis=0) if mode == "mean" else Qs.min(axis=0)
    return r + gamma * np.where(term, 0.0, value)
