"""Takes the first critics, as many as there are indices.

expects: as many as there are indices
"""

import numpy as np


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    Qs = Qs[: len(idx)] if mode == "subset" else Qs
    value = Qs.mean(axis=0) if mode == "mean" else Qs.min(axis=0)
    value = value.max(axis=1) if value.ndim == 2 else value
    return r + gamma * np.where(term, 0.0, value)
