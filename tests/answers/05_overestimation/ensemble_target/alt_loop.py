"""One transition after the other."""

import numpy as np


def ensemble_target(r, Qs, term, gamma, mode, idx=None):
    K = list(idx) if mode == "subset" else range(len(Qs))
    y = []
    for b in range(len(r)):
        columns = zip(*[np.atleast_1d(Qs[k, b]) for k in K], strict=True)
        f = np.mean if mode == "mean" else min
        future = max(f(column) for column in columns)
        y.append(r[b] + gamma * (0.0 if term[b] else future))
    return y
