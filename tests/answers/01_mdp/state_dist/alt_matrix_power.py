"""A power of the matrix of the chain."""

import numpy as np


def state_dist(mdp, pi, t):
    P_pi = (pi[:, :, None] * mdp.P).sum(axis=1)
    return mdp.rho0 @ np.linalg.matrix_power(P_pi, t)
