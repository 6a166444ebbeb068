"""A sum of logarithms, with log1p for numbers near 1."""

import numpy as np


def iterations_needed(r_max, gamma, eps):
    first = np.log(r_max) - np.log1p(-gamma) - np.log(eps)
    if first <= 0:
        return 0
    return 1 if gamma == 0 else int(np.ceil(first / -np.log(gamma)))
