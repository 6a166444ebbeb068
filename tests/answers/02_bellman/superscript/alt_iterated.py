"""Backs up a hundred times and looks whether anything has moved."""

import numpy as np


def superscript(Q, mdp, pi):
    own = best = Q
    for _ in range(100):
        own = mdp.R + mdp.gamma * mdp.P @ (pi * own).sum(axis=1)
        best = mdp.R + mdp.gamma * mdp.P @ best.max(axis=1)
    index = 2 * (np.abs(own - Q).max() < 1e-6) + (np.abs(best - Q).max() < 1e-6)
    return ["neither", "star", "pi", "both"][index]
