"""Backwards for all trajectories at once."""

import numpy as np


def fix_3(r, gamma):
    G = np.zeros(len(r))
    for column in r.T[::-1]:
        G = column + gamma * G
    return float(np.average(G))
