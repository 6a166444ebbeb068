"""Forgets gamma in a long sum.

expects: The rewards are not discounted
"""

import numpy as np


def J_exact(mdp, pi):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    r_pi = (pi * mdp.R).sum(axis=1)
    J, d = 0.0, mdp.rho0
    for _ in range(1000):
        J += d @ r_pi
        d = d @ P_pi
    return J
