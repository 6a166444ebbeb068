"""Works with the distribution of pairs (s, a), and never forms P_pi."""

import numpy as np


def state_dist(mdp, pi, t):
    d = mdp.rho0.copy()
    for _ in range(t):
        d = np.einsum("s,sa,sap->p", d, pi, mdp.P)
    return d
