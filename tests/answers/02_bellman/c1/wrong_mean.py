"""Takes the mean distance.

expects: mean distance
"""

import numpy as np


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c1(mdp, Q1, Q2):
    after, before = optimal_backup(Q1, mdp) - optimal_backup(Q2, mdp), Q1 - Q2
    return np.abs(after).mean(), mdp.gamma * np.abs(before).mean()
