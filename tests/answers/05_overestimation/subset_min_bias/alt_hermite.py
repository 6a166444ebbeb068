"""With Gauss-Hermite quadrature of the order statistics."""

import numpy as np
from scipy.special import ndtr


def smallest(m):
    x, weights = np.polynomial.hermite_e.hermegauss(150)
    return float(weights @ (m * x * ndtr(-x) ** (m - 1))) / np.sqrt(2 * np.pi)


def subset_min_bias(n_actions, N, M):
    return smallest(M) - smallest(n_actions) / np.sqrt(N)
