"""The bad action loses just 0.1, and the mixture is just uneven enough."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_ties():
    mdp = TabularMDP(np.ones((1, 3, 1)), np.array([[1.0, 1.0, 0.9]]), 0.9)
    return mdp, [[0, 1, 0]], [[0.95, 0.05, 0]]
