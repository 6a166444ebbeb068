"""V is V* itself."""

import numpy as np

from qlib import solve
from qlib.mdp import TabularMDP


def hunt_operator():
    P = np.zeros((3, 2, 3))
    P[:, 0, 1] = P[:, 1, 2] = 1.0
    mdp = TabularMDP(P, np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]), 0.5)
    V = solve.policy_iteration(mdp).V
    return mdp, V, -10 * V
