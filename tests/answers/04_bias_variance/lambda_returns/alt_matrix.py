"""A triangular matrix of powers of gamma lambda."""

import numpy as np


def lambda_returns(r, V, gamma, lam, terminated):
    T = len(r)
    values = np.where(np.arange(T + 1) < T, V, V * (not terminated))
    lag = np.arange(T) - np.arange(T)[:, None]
    decay = np.where(lag >= 0, float(gamma * lam) ** np.maximum(lag, 0), 0.0)
    return values[:T] + decay @ (r + gamma * values[1:] - values[:T])
