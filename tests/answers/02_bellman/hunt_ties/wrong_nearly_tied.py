"""The tie is broken by 0.01.

expects: worse than the best action there by 0.01
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_ties():
    mdp = TabularMDP(np.ones((1, 3, 1)), np.array([[1.0, 0.99, 0.0]]), 0.9)
    return mdp, np.array([[1.0, 0.0, 0.0]]), np.array([[0.5, 0.5, 0.0]])
