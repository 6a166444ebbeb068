"""Returns the left side twice.

expects: Both sides are the left one
"""

import numpy as np


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c1(mdp, Q1, Q2):
    after, _before = optimal_backup(Q1, mdp) - optimal_backup(Q2, mdp), Q1 - Q2
    return np.abs(after).max(), np.abs(after).max()
