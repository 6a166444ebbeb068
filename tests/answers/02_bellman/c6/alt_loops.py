"""Loops over pairs."""

import numpy as np

from qlib import solve


def c6(mdp, other, pi):
    V, W = solve.policy_evaluation(mdp, pi).V, solve.policy_evaluation(other, pi).V
    off_r = off_p = 0.0
    for s, a in np.ndindex(*mdp.R.shape):
        off_r = max(off_r, abs(mdp.R[s, a] - other.R[s, a]))
        off_p = max(off_p, sum(abs(p - q) for p, q in zip(mdp.P[s, a], other.P[s, a], strict=True)))
    bound = (off_r + mdp.gamma * off_p * (max(W) - min(W)) / 2) / (1 - mdp.gamma)
    return max(abs(v - w) for v, w in zip(V, W, strict=True)), bound
