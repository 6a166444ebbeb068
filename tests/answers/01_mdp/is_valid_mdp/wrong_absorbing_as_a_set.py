"""Lets a terminal state lead into another terminal state.

expects: leaves for another terminal state
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    rows = (P >= 0).all() and (np.abs(P.sum(axis=2) - 1) < 1e-8).all()

    inside = P[terminal][:, :, terminal].sum(axis=2)
    absorbing = (np.abs(inside - 1) < 1e-8).all() and (R[terminal] == 0).all()
    return bool(rows and absorbing and np.isfinite(R).all())
