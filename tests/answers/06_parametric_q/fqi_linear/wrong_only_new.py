"""The first row is missing.

expects: before them the row of w0
"""

import numpy as np


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    iterates = [np.asarray(w0, dtype=float)]
    for _ in range(n):
        y = r + gamma * np.where(term, 0.0, Phi2 @ iterates[-1])
        iterates.append(np.linalg.lstsq(Phi, y, rcond=None)[0])
    return np.array(iterates[1:])
