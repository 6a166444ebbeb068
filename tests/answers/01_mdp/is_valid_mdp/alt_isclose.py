"""`np.isclose` with its standard tolerance; the result is a NumPy bool."""

import numpy as np


def is_valid_mdp(P, R, terminal):

    good = np.isfinite(P).all() & np.isfinite(R).all() & (P >= 0).all()
    good &= np.isclose(P.sum(-1), 1).all()
    for s in np.where(terminal)[0]:
        good &= np.isclose(P[s, :, s], 1).all() & np.isclose(R[s], 0).all()
    return good
