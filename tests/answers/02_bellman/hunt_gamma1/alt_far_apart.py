"""Two separate loops: one value is the same, the other is anything."""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    mdp = TabularMDP(np.eye(2)[:, None, :], np.zeros((2, 1)), gamma=1.0)
    return mdp, [[3], [-700]], [[3], [900]]
