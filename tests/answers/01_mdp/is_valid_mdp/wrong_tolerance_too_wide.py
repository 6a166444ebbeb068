"""A tolerance that lets real mistakes pass.

expects: The tolerance is too wide
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    ends = np.flatnonzero(terminal)

    rows = (P >= 0).all() and (np.abs(P.sum(axis=2) - 1) < 0.01).all()
    absorbing = (P[ends, :, ends] == 1).all() and (R[ends] == 0).all()
    return bool(rows and absorbing and np.isfinite(R).all())
