"""The mean of the ages, then solved."""

import numpy as np


def matching_tau(N):
    lag = np.mean(np.arange(N))
    return 1 / (1 + lag)
