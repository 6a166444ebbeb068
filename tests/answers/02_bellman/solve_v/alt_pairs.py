"""Solves for the pairs (s, a) first."""

import numpy as np


def solve_v(mdp, pi):
    S, A = mdp.R.shape
    chain = (mdp.P[:, :, :, None] * pi).reshape(S * A, S * A)
    Q = np.linalg.solve(np.eye(S * A) - mdp.gamma * chain, mdp.R.ravel()).reshape(S, A)
    return (pi * Q).sum(axis=1)
