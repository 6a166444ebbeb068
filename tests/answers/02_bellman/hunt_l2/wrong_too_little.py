"""Expands by 2 % only.

expects: less than 5 %
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_l2():
    P = np.ones((1, 2, 1))
    return TabularMDP(P, np.zeros(P.shape[:2]), 1.02 / np.sqrt(2)), np.zeros((1, 2)), np.eye(1, 2)
