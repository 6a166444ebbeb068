"""With scipy."""

from scipy.optimize import brentq


def matching_tau(N):
    return brentq(lambda tau: (1 - tau) - tau * (N - 1) / 2, 0, 1 + 1e-12, xtol=1e-15, rtol=1e-14)
