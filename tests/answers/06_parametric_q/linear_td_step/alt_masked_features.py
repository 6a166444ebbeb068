"""A terminated step has the features zero."""

import numpy as np


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    phi2 = np.zeros_like(phi2) if term else phi2
    difference = gamma * phi2 - phi
    delta = r + difference.dot(w)
    return np.where(mode == "semi", w + alpha * delta * phi, w - alpha * delta * difference)
