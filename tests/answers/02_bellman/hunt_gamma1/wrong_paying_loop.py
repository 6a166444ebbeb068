"""The loop pays: no table solves the equation.

expects: no table solves
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    return TabularMDP(np.ones((1, 1, 1)), np.ones((1, 1)), 1.0), np.zeros((1, 1)), np.ones((1, 1))
