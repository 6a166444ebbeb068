"""Follows only the episodes that are still running.

expects: The probability of having ended is lost
"""

import numpy as np


def state_dist(mdp, pi, t):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P) * ~mdp.terminal[:, None]
    return mdp.rho0 @ np.linalg.matrix_power(P_pi, t)
