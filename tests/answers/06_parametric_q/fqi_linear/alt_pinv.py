"""With the pseudo-inverse, computed once."""

import numpy as np


def fqi_linear(Phi, Phi2, r, gamma, term, w0, n):
    fit, out = np.linalg.pinv(Phi), np.zeros((n + 1, len(w0)))
    out[0] = w0
    for k in range(n):
        out[k + 1] = fit @ (r + gamma * (1 - term.astype(float)) * (Phi2 @ out[k]))
    return out
