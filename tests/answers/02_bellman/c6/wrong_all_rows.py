"""Sums the differences of all rows.

expects: worst row counts
"""

import numpy as np

from qlib import solve


def c6(mdp, other, pi):
    V, W = solve.policy_evaluation(mdp, pi).V, solve.policy_evaluation(other, pi).V
    off_r = np.abs(mdp.R - other.R).max()
    off_p = np.abs(mdp.P - other.P).sum()
    return np.abs(V - W).max(), (off_r + mdp.gamma * off_p * np.ptp(W) / 2) / (1 - mdp.gamma)
