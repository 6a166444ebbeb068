"""The lecture's sum, with gamma^t from t = 1.

expects: This is gamma times the objective
"""

import numpy as np


def J_exact(mdp, pi):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    r_pi = (pi * mdp.R).sum(axis=1)
    V = np.linalg.solve(np.eye(mdp.n_states) - mdp.gamma * P_pi, r_pi)
    return float(mdp.gamma * mdp.rho0 @ V)
