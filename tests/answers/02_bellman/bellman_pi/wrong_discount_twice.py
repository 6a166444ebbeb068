"""Applies gamma twice.

expects: applied twice
"""


def bellman_pi(Q, mdp, pi):
    V = (pi * Q).sum(axis=1)
    return mdp.R + mdp.gamma * mdp.P @ (mdp.gamma * V)
