"""An endless generator of tables, watched in pairs."""

import itertools

import numpy as np


def sweeps(mdp):
    Q = np.zeros((mdp.n_states, mdp.n_actions))
    while True:
        yield Q
        Q = mdp.R + mdp.gamma * np.einsum("sap,p->sa", mdp.P, Q.max(axis=1))


def run_until(mdp, tol):
    for k, (before, after) in enumerate(itertools.pairwise(sweeps(mdp)), start=1):
        largest = np.linalg.norm((after - before).ravel(), ord=np.inf)
        if mdp.gamma == 0 or mdp.gamma * largest / (1 - mdp.gamma) <= tol / 2:
            return after, k
