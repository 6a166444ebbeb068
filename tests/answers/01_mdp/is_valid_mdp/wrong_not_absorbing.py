"""Never asks whether terminal states are absorbing.

expects: A terminal state is absorbing
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    rows = (P >= 0).all() and (np.abs(P.sum(axis=2) - 1) < 1e-8).all()

    return bool(rows and np.isfinite(R).all() and (R[terminal] == 0).all())
