"""The library's operator."""

import numpy as np

from qlib import solve


def c1(mdp, Q1, Q2):
    after = solve.bellman_opt(Q1, mdp) - solve.bellman_opt(Q2, mdp)
    return np.abs(after).max(), mdp.gamma * np.abs(Q1 - Q2).max()
