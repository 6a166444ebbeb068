"""Compares the sum of all of P with S * A.

expects: not only on average
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    ends = np.flatnonzero(terminal)

    n_states, n_actions = R.shape
    rows = (P >= 0).all() and abs(P.sum() - n_states * n_actions) < 1e-8
    absorbing = (P[ends, :, ends] == 1).all() and (R[ends] == 0).all()
    return bool(rows and absorbing and np.isfinite(R).all())
