"""A gradient step instead of a fit.

expects: one gradient step in each iteration
"""

import numpy as np


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    iterates = [np.asarray(w0, dtype=float)]
    for _ in range(n):
        y = r + gamma * np.where(term, 0.0, Phi2 @ iterates[-1])
        iterates.append(iterates[-1] + Phi.T @ (y - Phi @ iterates[-1]) / len(r))
    return np.array(iterates)
