"""Backs up the value of s itself.

expects: transition to the next state is missing
"""


def bellman_pi(Q, mdp, pi):
    V = (pi * Q).sum(axis=1)
    return mdp.R + mdp.gamma * V[:, None]
