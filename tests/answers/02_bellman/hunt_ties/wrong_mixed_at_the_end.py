"""Mixes in the terminal state only.

expects: mixes in terminal states only
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_ties():
    P = np.zeros((2, 2, 2))
    P[:, :, 1] = 1.0
    mdp = TabularMDP(P, [[1.0, 0.0], [0.0, 0.0]], 0.9, terminal=np.array([False, True]))
    return mdp, np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 0.0], [0.5, 0.5]])
