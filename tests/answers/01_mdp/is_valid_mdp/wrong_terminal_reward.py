"""Never looks at the rewards of terminal states.

expects: The reward of a terminal state is 0
"""

import numpy as np


def is_valid_mdp(P, R, terminal):
    rows = (P >= 0).all() and (np.abs(P.sum(axis=2) - 1) < 1e-8).all()
    ends = np.flatnonzero(terminal)

    return bool(rows and np.isfinite(R).all() and (P[ends, :, ends] == 1).all())
