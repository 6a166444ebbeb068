"""Calls a table optimal if its greedy policy is.

expects: if its greedy policy is
"""

import numpy as np

from qlib import solve


def superscript(Q, mdp, pi):
    own = np.abs(solve.bellman_pi(Q, mdp, pi) - Q).max() < 1e-7
    best = (Q.argmax(axis=1) == solve.policy_iteration(mdp).policy).all()
    return {(1, 1): "both", (1, 0): "pi", (0, 1): "star", (0, 0): "neither"}[own, best]
