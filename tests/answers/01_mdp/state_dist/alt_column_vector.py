"""The transposed matrix acts on a column vector."""

import numpy as np


def state_dist(mdp, pi, t):
    P_pi = np.stack([pi[s] @ mdp.P[s] for s in range(mdp.n_states)])
    d = mdp.rho0.reshape(-1, 1)
    for _ in range(t):
        d = P_pi.T @ d
    return d[:, 0]
