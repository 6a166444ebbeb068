"""Forgets the reward.

expects: reward is missing
"""


def bellman_pi(Q, mdp, pi):
    V = (pi * Q).sum(axis=1)
    return mdp.gamma * mdp.P @ V
