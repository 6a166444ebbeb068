"""Least squares by singular values; another solution where there are many."""

import numpy as np


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    U, s, V = np.linalg.svd(Phi, full_matrices=True)
    keep = s > 1e-10 * s[0]
    out = [np.asarray(w0, dtype=float)]
    for _ in range(n):
        y = r + gamma * np.where(term, 0.0, Phi2 @ out[-1])
        w = V[: len(s)][keep].T @ ((U.T @ y)[: len(s)][keep] / s[keep])
        if len(V) > keep.sum():
            w = w + V[-1] * 0.37  # a direction that the data do not see
        out.append(w)
    return np.array(out)
