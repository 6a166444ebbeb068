"""A float that is whole."""

import numpy as np


def iterations_needed(r_max, gamma, eps):
    with np.errstate(divide="ignore"):
        k = np.ceil(np.log(eps * (1 - gamma) / r_max) / np.log(gamma)) if gamma else 1.0
    return float(max(0.0, k)) if r_max > eps * (1 - gamma) else 0.0
