"""Two loops in one state."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    mdp = TabularMDP(np.ones((1, 2, 1)), np.zeros((1, 2)), gamma=1)
    return mdp, np.full((1, 2), 2.0), np.full((1, 2), 5.0)
