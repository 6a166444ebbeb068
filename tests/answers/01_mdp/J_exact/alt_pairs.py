"""Solves for the value of every pair (s, a) first."""

import numpy as np


def J_exact(mdp, pi):
    n_states, n_actions = mdp.R.shape
    n = n_states * n_actions
    pairs = np.einsum("sap,pb->sapb", mdp.P, pi).reshape(n, n)
    Q = np.linalg.solve(np.eye(n) - mdp.gamma * pairs, mdp.R.reshape(n))
    return np.sum(mdp.rho0[:, None] * pi * Q.reshape(n_states, n_actions))
