"""Solves for the live states only; returns a list."""

import numpy as np


def solve_v(mdp, pi):
    live = np.flatnonzero(~mdp.terminal)
    P = np.einsum("sa,saz->sz", pi, mdp.P)[np.ix_(live, live)]
    r = (pi * mdp.R).sum(axis=1)[live]
    V = np.zeros(mdp.n_states)
    V[live] = np.linalg.solve(np.eye(len(live)) - mdp.gamma * P, r)
    return V.tolist()
