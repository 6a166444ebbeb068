"""A QR decomposition with column pivoting, and only the columns that count."""

import numpy as np
from scipy.linalg import qr, solve_triangular


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    Q, R, order = qr(Phi, mode="economic", pivoting=True)
    size = np.abs(np.diag(R))
    k = int((size > 1e-10 * size.max()).sum())
    table = np.empty((n + 1, len(w0)))
    table[0] = w0
    for i in range(n):
        y = r + gamma * (1.0 - term) * (Phi2 @ table[i])
        table[i + 1] = 0.0
        table[i + 1, order[:k]] = solve_triangular(R[:k, :k], Q[:, :k].T @ y)
    return table
