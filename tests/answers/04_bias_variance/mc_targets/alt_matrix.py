"""A triangular matrix of powers of gamma."""

import numpy as np


def mc_targets(ep, gamma):
    lag = np.arange(len(ep.r)) - np.arange(len(ep.r))[:, None]
    return np.where(lag >= 0, float(gamma) ** np.maximum(lag, 0), 0.0) @ ep.r
