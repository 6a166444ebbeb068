"""Counts the first reward only.

expects: Only the first reward
"""


def J_exact(mdp, pi):
    return mdp.rho0 @ (pi * mdp.R).sum(axis=1)
