"""Averages over actions with equal weights.

expects: The policy is ignored
"""

import numpy as np


def state_dist(mdp, pi, t):
    return mdp.rho0 @ np.linalg.matrix_power(mdp.P.mean(axis=1), t)
