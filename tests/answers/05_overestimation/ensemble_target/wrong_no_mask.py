"""Bootstraps past the end.

expects: still contains the critics
"""


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    Qs = Qs[list(idx)] if mode == "subset" else Qs
    value = Qs.mean(axis=0) if mode == "mean" else Qs.min(axis=0)
    value = value.max(axis=1) if value.ndim == 2 else value
    return r + gamma * value
