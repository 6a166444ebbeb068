"""Exchanges s and s' in P.

expects: exchanged in P
"""

import numpy as np


def bellman_pi(Q, mdp, pi):
    V = (pi * Q).sum(axis=1)
    return mdp.R + mdp.gamma * np.einsum("zas,z->sa", mdp.P, V)
