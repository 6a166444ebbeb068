"""An affine map of the weights."""

import numpy as np


def linear_td_step(w, phi, phi2, r, gamma, term, alpha, mode):
    x = phi if term else phi - gamma * phi2
    z = x if mode == "residual" else phi
    return (np.eye(len(w)) - alpha * np.outer(z, x)) @ w + alpha * r * z
