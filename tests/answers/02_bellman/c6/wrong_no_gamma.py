"""Forgets gamma in the second term.

expects: factor gamma is missing
"""

import numpy as np

from qlib import solve


def c6(mdp, other, pi):
    V, W = solve.policy_evaluation(mdp, pi).V, solve.policy_evaluation(other, pi).V
    off_r = np.abs(mdp.R - other.R).max()
    off_p = np.abs(mdp.P - other.P).sum(axis=2).max()
    return np.abs(V - W).max(), (off_r + off_p * np.ptp(W) / 2) / (1 - mdp.gamma)
