"""Returns the same table twice.

expects: tables are equal
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    return TabularMDP(np.ones((1, 1, 1)), np.zeros((1, 1)), 1.0), np.zeros((1, 1)), np.zeros((1, 1))
