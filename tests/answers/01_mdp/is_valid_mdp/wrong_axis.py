"""Sums over the first axis: over states s instead of next states s'.

expects: is another one summed
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    ends = np.flatnonzero(terminal)

    rows = (P >= 0).all() and (np.abs(P.sum(axis=0) - 1) < 1e-8).all()
    absorbing = (P[ends, :, ends] == 1).all() and (R[ends] == 0).all()
    return bool(rows and absorbing and np.isfinite(R).all())
