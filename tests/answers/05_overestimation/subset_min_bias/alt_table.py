"""A table of means, filled once."""

import numpy as np
from scipy.special import ndtr

x = np.linspace(-9, 9, 60002)
survival = 1 - ndtr(x) ** np.arange(1, 20)[:, None]
TABLE = (survival - (x < 0)).sum(axis=1) * (x[1] - x[0])


def subset_min_bias(n_actions, N, M):
    return TABLE[n_actions - 1] / np.sqrt(N) - TABLE[M - 1]
