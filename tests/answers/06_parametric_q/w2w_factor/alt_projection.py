"""Projection on the feature vector."""

import numpy as np


def w2w_factor(gamma, eps):
    phi = np.array([1.0, 2.0])
    return float(phi @ (gamma * np.array([2, 2 - 2 * eps]))) / float(phi @ phi)
