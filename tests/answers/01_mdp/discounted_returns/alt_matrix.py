"""An upper triangular matrix of powers of gamma times the rewards."""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    T = len(r)
    lag = np.arange(T)[None, :] - np.arange(T)[:, None]
    weights = np.where(lag >= 0, float(gamma) ** np.maximum(lag, 0), 0.0)
    return weights @ np.asarray(r) + gamma ** (T - np.arange(T)) * last_value
