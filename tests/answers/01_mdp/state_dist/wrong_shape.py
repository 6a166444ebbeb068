"""Returns the distribution of pairs (s, a).

expects: wrong shape
"""

import numpy as np


def state_dist(mdp, pi, t):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    d = mdp.rho0 @ np.linalg.matrix_power(P_pi, t)
    return d[:, None] * pi
