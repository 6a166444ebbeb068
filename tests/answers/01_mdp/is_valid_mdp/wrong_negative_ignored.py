"""Looks at the row sums only, so a negative probability passes.

expects: no entry may be negative
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    ends = np.flatnonzero(terminal)

    rows = (np.abs(P.sum(axis=2) - 1) < 1e-8).all()
    absorbing = (P[ends, :, ends] == 1).all() and (R[ends] == 0).all()
    return bool(rows and absorbing and np.isfinite(R).all())
