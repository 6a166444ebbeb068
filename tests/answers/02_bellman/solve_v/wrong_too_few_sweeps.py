"""Stops after 200 backups.

expects: stops too early
"""

import numpy as np


def solve_v(mdp, pi):
    V = np.zeros(mdp.n_states)
    for _ in range(200):
        V = (pi * (mdp.R + mdp.gamma * mdp.P @ V)).sum(axis=1)
    return V
