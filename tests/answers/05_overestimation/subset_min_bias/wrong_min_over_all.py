"""Takes the min over all critics.

expects: the subset has M
"""

import numpy as np
from scipy.special import ndtr


def c(m):
    x = np.linspace(-9, 9, 4001)
    return ((x[1:] + x[:-1]) / 2) @ np.diff(ndtr(x) ** m)


def subset_min_bias(n_actions, N, M):
    return c(n_actions) / np.sqrt(N) - c(N)
