"""The inverse matrix; a 0-d array comes back."""

import numpy as np


def J_exact(mdp, pi):
    I = np.eye(mdp.n_states)  # noqa: E741
    P_pi = np.array([pi[s] @ mdp.P[s] for s in range(mdp.n_states)])
    resolvent = np.linalg.inv(I - mdp.gamma * P_pi)
    return np.array(mdp.rho0 @ resolvent @ np.sum(pi * mdp.R, axis=1))
