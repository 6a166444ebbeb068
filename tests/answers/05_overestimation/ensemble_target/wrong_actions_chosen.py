"""Uses the indices on the actions.

expects: they name critics
"""

import numpy as np


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    if mode == "subset":
        Qs = Qs[..., list(idx)] if Qs.ndim == 3 else Qs[list(idx)]
    value = Qs.mean(axis=0) if mode == "mean" else Qs.min(axis=0)
    value = value.max(axis=1) if value.ndim == 2 else value
    return r + gamma * np.where(term, 0.0, value)
