"""Returns the left side twice.

expects: Both sides are the left one
"""

import numpy as np

from qlib import solve


def c6(mdp, other, pi):
    V, W = solve.policy_evaluation(mdp, pi).V, solve.policy_evaluation(other, pi).V
    np.abs(mdp.R - other.R).max()
    np.abs(mdp.P - other.P).sum(axis=2).max()
    return np.abs(V - W).max(), np.abs(V - W).max()
