"""Two linear systems."""

import numpy as np


def values(mdp, pi):
    P = np.einsum("sa,saz->sz", pi, mdp.P)
    return np.linalg.solve(np.eye(mdp.n_states) - mdp.gamma * P, (pi * mdp.R).sum(axis=1))


def c5(mdp, pi):
    V = values(mdp, pi)
    Q = mdp.R + mdp.gamma * mdp.P @ V
    return V, values(mdp, np.eye(mdp.n_actions)[Q.argmax(axis=1)])
