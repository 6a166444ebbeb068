"""Only one action: the operators are equal.

expects: one action only
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_operator():
    mdp = TabularMDP(np.full((2, 1, 2), 0.5), np.zeros((2, 1)), 0.9)
    return mdp, np.array([0.0, 1.0]), np.array([1.0, 0.0])
