"""Two ways round, equally long."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_ties():
    P = np.zeros((4, 2, 4))
    P[0, 0, 1] = P[0, 1, 2] = 1.0
    P[1, 0, 3] = P[2, 0, 3] = P[1, 1, 1] = P[2, 1, 2] = P[3, :, 3] = 1.0
    R = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    mdp = TabularMDP(P, R, 0.9, terminal=np.arange(4) == 3)
    pi = np.tile([1.0, 0.0], (4, 1))
    mixed = pi.copy()
    mixed[0] = [0.3, 0.7]
    return mdp, pi, mixed
