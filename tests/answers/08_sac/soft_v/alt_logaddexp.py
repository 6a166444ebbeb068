"""NumPy's logaddexp over the actions."""

import numpy as np


def soft_v(Q, alpha):
    return alpha * np.logaddexp.reduce(Q / alpha, axis=1)
