"""Builds the joint distribution of (s_1, a_1) first, then takes the mean of R under it."""

import numpy as np


def fix_4(mdp, pi, s, a):
    joint = mdp.P[s, a][:, np.newaxis] * pi
    return np.float64(mdp.R[s, a] + mdp.gamma * np.average(mdp.R, weights=joint))
