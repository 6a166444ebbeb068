"""Solves for the discounted visits of each state, then weights rewards with them."""

import numpy as np


def J_exact(mdp, pi):
    P_pi = np.einsum("sa,sap->sp", pi, mdp.P)
    visits = np.linalg.solve(np.eye(mdp.n_states) - mdp.gamma * P_pi.T, mdp.rho0)
    return (visits[:, None] * pi * mdp.R).sum()
