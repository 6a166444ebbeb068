"""Half the distance as the sum of positive parts."""

import numpy as np

from qlib import solve


def c6(mdp, other, pi):
    V, W = solve.policy_evaluation(mdp, pi).V, solve.policy_evaluation(other, pi).V
    off_r = np.abs(mdp.R - other.R).max()
    off_p = np.maximum(mdp.P - other.P, 0.0).sum(axis=2).max()
    return np.abs(V - W).max(), (off_r + mdp.gamma * off_p * (W.max() - W.min())) / (1 - mdp.gamma)
