"""Row sums as a product with a vector of ones."""

import numpy as np


def is_valid_mdp(P, R, terminal):

    ones = np.ones(P.shape[2])
    if np.isnan(P).any() or not np.isfinite(R).all():
        return False
    if np.any(P < 0) or np.any(np.abs(P @ ones - 1) > 1e-7):
        return False
    ends = np.argwhere(terminal)[:, 0]
    return all((P[s, :, s] >= 1 - 1e-9).all() and (R[s] == 0).all() for s in ends)
