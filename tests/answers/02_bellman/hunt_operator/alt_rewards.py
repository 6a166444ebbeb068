"""Rewards decide for V = 0."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_operator():
    P = np.zeros((2, 2, 2))
    P[:, 0, 0] = P[:, 1, 1] = 1.0
    mdp = TabularMDP(P, np.array([[1.0, 0.0], [1.0, 0.0]]), 0.9)
    return mdp, np.zeros(2), np.array([0.0, 10.0])
