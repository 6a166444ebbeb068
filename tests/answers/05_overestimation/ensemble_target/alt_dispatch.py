"""A table of reductions, one for each mode, on lists of critics."""

import numpy as np


class Ensemble:
    def __init__(self, critics):
        self.critics = list(critics)

    def min(self, idx):
        return np.minimum.reduce(self.critics)

    def mean(self, idx):
        return sum(self.critics) / len(self.critics)

    def subset(self, idx):
        return np.minimum.reduce([self.critics[k] for k in sorted(set(idx))])


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    value = getattr(Ensemble(Qs), mode)(idx)
    best = [max(row) for row in value] if np.ndim(Qs) == 3 else value
    return [x if end else x + gamma * v for x, end, v in zip(r, term, best, strict=True)]
