"""Starts in the most likely first state.

expects: taken for certain
"""

import numpy as np


def state_dist(mdp, pi, t):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    return np.linalg.matrix_power(P_pi, t)[mdp.rho0.argmax()]
