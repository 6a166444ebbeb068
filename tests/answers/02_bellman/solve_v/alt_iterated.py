"""Backs up until nothing moves."""

import numpy as np


def solve_v(mdp, pi):
    step = mdp.gamma * np.einsum("sa,saz->sz", pi, mdp.P)
    V = r = (pi * mdp.R).sum(axis=1)
    moved = 1.0
    while moved > 1e-10:
        new = r + step @ V
        moved, V = abs(new - V).max(), new
    return V
