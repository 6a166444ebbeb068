"""Uses gamma = 0.99.

expects: undiscounted worlds
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    return TabularMDP(np.ones((1, 1, 1)), np.zeros((1, 1)), 0.99), np.zeros((1, 1)), np.ones((1, 1))
