"""Compares row sums with ==.

expects: compare with a tolerance
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    ends = np.flatnonzero(terminal)

    rows = (P >= 0).all() and (P.sum(axis=2) == 1).all()
    absorbing = (P[ends, :, ends] == 1).all() and (R[ends] == 0).all()
    return bool(rows and absorbing and np.isfinite(R).all())
