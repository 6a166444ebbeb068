"""Begins a new episode whenever one ends.

expects: A new episode begins
"""

import numpy as np


def state_dist(mdp, pi, t):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    P_pi[mdp.terminal] = mdp.rho0
    return mdp.rho0 @ np.linalg.matrix_power(P_pi, t)
