"""Applies gamma twice.

expects: applied twice
"""


def bellman_opt(Q, mdp):
    return mdp.R + mdp.gamma * mdp.P @ (mdp.gamma * Q.max(axis=1))
