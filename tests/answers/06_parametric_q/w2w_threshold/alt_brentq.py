"""With scipy."""

from scipy.optimize import brentq


def w2w_threshold(eps):
    return brentq(lambda gamma: gamma * (1.2 - 0.8 * eps) - 1, 0, 10, xtol=1e-14)
