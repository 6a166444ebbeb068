"""Regression on the rewards.

expects: the targets are the rewards alone
"""

import numpy as np


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    fit = np.linalg.lstsq(Phi, r, rcond=None)[0]
    return np.array([w0] + [fit] * n)
