"""A banded matrix of powers of gamma."""

import numpy as np


def nstep_targets(r, V, gamma, n, terminated):
    T = len(r)
    t, k = np.arange(T)[:, None], np.arange(T + 1)[None, :]
    lag = k - t
    weights = np.where((lag >= 0) & (lag < n), float(gamma) ** np.maximum(lag, 0), 0.0)[:, :T]
    end = np.minimum(t + n, T)
    boot = np.where(k == end, float(gamma) ** np.maximum(lag, 0), 0.0)
    values = np.where(np.arange(T + 1) == T, 0.0, V) if terminated else V
    return weights @ r + boot @ values
