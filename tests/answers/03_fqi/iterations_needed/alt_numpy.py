"""All candidates at once, as a NumPy integer."""

import numpy as np


def iterations_needed(r_max, gamma, eps):
    bounds = gamma ** np.arange(20_000.0) * r_max / (1 - gamma)
    return np.argmax(bounds <= eps)
