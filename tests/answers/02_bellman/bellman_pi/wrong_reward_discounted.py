"""Discounts the reward too.

expects: reward is discounted too
"""


def bellman_pi(Q, mdp, pi):
    V = (pi * Q).sum(axis=1)
    return mdp.gamma * (mdp.R + mdp.P @ V)
