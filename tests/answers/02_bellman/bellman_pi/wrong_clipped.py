"""Loses values below 0.

expects: Values below 0 are lost
"""

import numpy as np


def bellman_pi(Q, mdp, pi):
    V = np.maximum((pi * Q).sum(axis=1), 0.0)
    return mdp.R + mdp.gamma * mdp.P @ V
