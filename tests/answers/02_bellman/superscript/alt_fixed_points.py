"""Computes both fixed points and compares: they are unique."""

import numpy as np

from qlib import solve


def superscript(Q, mdp, pi):
    own = np.abs(Q - solve.policy_evaluation(mdp, pi).Q).max() < 1e-6
    best = np.abs(Q - solve.policy_iteration(mdp).Q).max() < 1e-6
    if own and best:
        return "both"
    return "pi" if own else "star" if best else "neither"
