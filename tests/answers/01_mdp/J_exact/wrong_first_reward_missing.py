"""Starts the sum at t = 1.

expects: The first reward is missing
"""

import numpy as np


def J_exact(mdp, pi):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    r_pi = (pi * mdp.R).sum(axis=1)
    J, d = 0.0, mdp.rho0
    for t in range(1, 2000):
        d = d @ P_pi
        J += mdp.gamma**t * (d @ r_pi)
    return J
