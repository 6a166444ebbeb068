"""Averages over actions with equal weights.

expects: The policy is ignored
"""

import numpy as np


def J_exact(mdp, pi):
    P_pi, r_pi = mdp.P.mean(axis=1), mdp.R.mean(axis=1)
    V = np.linalg.solve(np.eye(mdp.n_states) - mdp.gamma * P_pi, r_pi)
    return mdp.rho0 @ V
