"""Looks for faults with comparisons; NaN is never found that way.

expects: Every comparison with NaN is False
"""

import numpy as np


def is_valid_mdp(P, R, terminal):

    if (P < 0).any() or (np.abs(P.sum(axis=2) - 1) > 1e-8).any():
        return False
    for s in np.flatnonzero(terminal):
        if (np.abs(P[s, :, s] - 1) > 1e-8).any() or (np.abs(R[s]) > 0).any():
            return False
    return True
