"""Sorts the critics."""

import numpy as np


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    Qs = Qs[list(idx)] if mode == "subset" else Qs
    value = Qs.mean(axis=0) if mode == "mean" else np.sort(Qs, axis=0)[0]
    if value.ndim == 2:
        value = np.sort(value, axis=1)[:, -1]
    return [x if stop else x + gamma * v for x, stop, v in zip(r, term, value, strict=True)]
