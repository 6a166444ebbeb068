"""Averages over the states instead of over the actions.

expects: wrong axis
"""


def bellman_pi(Q, mdp, pi):
    return mdp.R + mdp.gamma * mdp.P @ (pi * Q).sum(axis=0)
