"""A copy, changed in place."""

import numpy as np


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    new = np.array(w, dtype=float)
    next_value = 0.0 if term else float(np.dot(phi2, w))
    delta = r + gamma * next_value - np.dot(phi, w)
    new += alpha * delta * phi
    if mode == "residual" and not term:
        new -= alpha * delta * gamma * phi2
    return new
