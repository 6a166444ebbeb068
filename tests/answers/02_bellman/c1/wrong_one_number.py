"""Returns one number.

expects: not a pair
"""

import numpy as np


def optimal_backup(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ Q.max(axis=1)


def c1(mdp, Q1, Q2):
    after = np.abs(optimal_backup(Q1, mdp) - optimal_backup(Q2, mdp)).max()
    return after <= mdp.gamma * np.abs(Q1 - Q2).max()
