"""Gives the terminal state a value.

expects: not 0 in a terminal state
"""

import numpy as np

from qlib.mdp import TabularMDP


def hunt_gamma1():
    return (
        TabularMDP(np.ones((1, 1, 1)), np.zeros((1, 1)), 1.0, terminal=np.array([True])),
        np.zeros((1, 1)),
        np.ones((1, 1)),
    )
