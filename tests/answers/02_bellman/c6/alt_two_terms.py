"""Two terms."""

import numpy as np

from qlib import solve


def c6(mdp, other, pi):
    V, W = solve.policy_evaluation(mdp, pi).V, solve.policy_evaluation(other, pi).V
    off_r = np.abs(mdp.R - other.R).max()
    off_p = np.abs(mdp.P - other.P).sum(axis=2).max()
    return np.abs(V - W).max(), off_r / (1 - mdp.gamma) + mdp.gamma * off_p / (1 - mdp.gamma) * (
        W.max() - W.min()
    ) / 2
