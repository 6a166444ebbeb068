"""Ridge regression: it shrinks the weights.

expects: as ridge regression does it
"""

import numpy as np


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    iterates = [np.asarray(w0, dtype=float)]
    for _ in range(n):
        y = r + gamma * np.where(term, 0.0, Phi2 @ iterates[-1])
        iterates.append(np.linalg.solve(Phi.T @ Phi + 0.1 * np.eye(len(w0)), Phi.T @ y))
    return np.array(iterates)
