"""Multiplies from the wrong side: P_pi d instead of d P_pi.

expects: acts from the wrong side
"""

import numpy as np


def state_dist(mdp, pi, t):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    d = mdp.rho0
    for _ in range(t):
        d = P_pi @ d
    return d
