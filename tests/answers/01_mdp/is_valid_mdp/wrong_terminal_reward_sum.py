"""Adds the rewards of terminal states up: opposite ones cancel.

expects: pays 0.5 and -0.5
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    rows = (P >= 0).all() and (np.abs(P.sum(axis=2) - 1) < 1e-8).all()
    ends = np.flatnonzero(terminal)

    absorbing = (P[ends, :, ends] == 1).all() and R[ends].sum() == 0
    return bool(rows and absorbing and np.isfinite(R).all())
