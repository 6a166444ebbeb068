"""Sums gamma^t d_t · r_pi over 2,500 steps."""

import numpy as np


def J_exact(mdp, pi):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    r_pi = (pi * mdp.R).sum(axis=1)
    J, d = 0.0, mdp.rho0
    for t in range(2500):
        J += mdp.gamma**t * (d @ r_pi)
        d = d @ P_pi
    return float(J)
