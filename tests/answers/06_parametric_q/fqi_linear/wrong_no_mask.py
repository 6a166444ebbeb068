"""Terminated rows keep their future.

expects: the mask is missing
"""

import numpy as np


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    iterates = [np.asarray(w0, dtype=float)]
    for _ in range(n):
        y = r + gamma * (Phi2 @ iterates[-1])
        iterates.append(np.linalg.lstsq(Phi, y, rcond=None)[0])
    return np.array(iterates)
