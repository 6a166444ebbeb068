"""A chain that mixes: constants are solutions."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    mdp = TabularMDP(np.full((3, 2, 3), 1 / 3), np.zeros((3, 2)), 1.0)
    return mdp, np.zeros((3, 2)), np.full((3, 2), 0.5)
