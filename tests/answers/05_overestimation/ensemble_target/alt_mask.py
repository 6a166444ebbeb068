"""Masks critics with infinity."""

import numpy as np


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    if mode == "mean":
        value = np.mean(Qs, axis=0)
    else:
        keep = np.ones(len(Qs), dtype=bool) if idx is None else np.isin(np.arange(len(Qs)), idx)
        value = np.where(keep.reshape((-1,) + (1,) * (Qs.ndim - 1)), Qs, np.inf).min(axis=0)
    value = value.max(axis=1) if value.ndim == 2 else value
    return r + gamma * value * ~term
