"""Takes one step too many.

expects: one step later
"""

import numpy as np


def state_dist(mdp, pi, t):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    d = mdp.rho0
    for _ in range(t + 1):
        d = d @ P_pi
    return d
