"""The distance grows by just 5 %: two pairs lead to the entry, gamma is 1.05 / sqrt(2)."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_l2():
    gamma = 1.05 / np.sqrt(2)
    return TabularMDP(np.ones((1, 2, 1)), np.zeros((1, 2)), gamma), [[0, 0]], [[0, 3]]
