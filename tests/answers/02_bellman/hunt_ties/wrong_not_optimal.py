"""The mixed policy takes the bad action too.

expects: takes action 2
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_ties():
    mdp = TabularMDP(np.ones((1, 3, 1)), np.array([[1.0, 1.0, 0.0]]), 0.9)
    return mdp, np.array([[1.0, 0.0, 0.0]]), np.array([[0.4, 0.4, 0.2]])
