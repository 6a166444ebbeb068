"""Turns (K, B) into (K, B, 1)."""


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    Qs = Qs if Qs.ndim == 3 else Qs[..., None]
    Qs = Qs[list(idx)] if mode == "subset" else Qs
    value = Qs.mean(axis=0) if mode == "mean" else Qs.min(axis=0)
    return r + gamma * (1 - term) * value.max(-1)
