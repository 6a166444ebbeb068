"""Takes one step too few.

expects: one step earlier
"""

import numpy as np


def state_dist(mdp, pi, t):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    d = mdp.rho0
    for _ in range(1, t):
        d = d @ P_pi
    return d
