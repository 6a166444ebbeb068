"""One loop, values 0 and -3."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    return TabularMDP(np.ones((1, 1, 1)), np.zeros((1, 1)), 1.0), [[0.0]], [[-3.0]]
