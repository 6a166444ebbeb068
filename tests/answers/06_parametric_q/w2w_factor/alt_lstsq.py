"""By least squares."""

import numpy as np


def w2w_factor(gamma, eps):
    Phi, y = np.array([[1.0], [2.0]]), gamma * np.array([2.0, 2.0 * (1 - eps)])
    return np.linalg.lstsq(Phi, y, rcond=None)[0][0]
