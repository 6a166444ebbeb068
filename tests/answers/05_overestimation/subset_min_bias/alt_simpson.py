"""Integrates the distribution function by Simpson's rule."""

import numpy as np
from scipy.integrate import simpson
from scipy.special import ndtr


def largest(m):
    x = np.linspace(0, 10, 4001)
    return simpson(1 - ndtr(x) ** m - ndtr(-x) ** m, x=x)


def subset_min_bias(n_actions, N, M):
    return float(N**-0.5 * largest(n_actions) - largest(M))
