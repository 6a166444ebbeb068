"""Forgets gamma.

expects: no discount
"""


def bellman_pi(Q, mdp, pi):
    V = (pi * Q).sum(axis=1)
    return mdp.R + mdp.P @ V
