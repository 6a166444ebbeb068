"""Asks for the mean over actions of the probability to stay to be positive only.

expects: A terminal state is absorbing
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    rows = (P >= 0).all() and (np.abs(P.sum(axis=2) - 1) < 1e-8).all()
    ends = np.flatnonzero(terminal)

    absorbing = (P[ends, :, ends].mean(axis=1) > 0).all() and (R[ends] == 0).all()
    return bool(rows and absorbing and np.isfinite(R).all())
