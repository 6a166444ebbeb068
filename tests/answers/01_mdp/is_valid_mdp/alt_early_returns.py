"""Early returns; NaN is caught by asking for what is right."""

import numpy as np


def is_valid_mdp(P, R, terminal):

    if not np.min(P) >= 0:
        return False
    if not np.max(np.abs(P.sum(axis=2) - 1.0)) < 1e-9:
        return False
    if not np.all(np.abs(R) < np.inf):
        return False
    leaves = 1.0 - P[np.arange(len(P)), :, np.arange(len(P))]
    return not np.any(np.abs(leaves[terminal]) > 1e-9) and not np.any(R[terminal] != 0)
