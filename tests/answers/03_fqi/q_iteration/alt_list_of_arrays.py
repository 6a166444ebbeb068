"""A list of arrays."""

import numpy as np


def q_iteration(mdp, n, Q0=None):
    tables = [np.zeros_like(mdp.R) if Q0 is None else Q0]
    while len(tables) <= n:
        tables.append(mdp.R + mdp.gamma * np.tensordot(mdp.P, np.amax(tables[-1], 1), axes=1))
    return tables
