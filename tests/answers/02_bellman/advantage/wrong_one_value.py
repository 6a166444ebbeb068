"""Subtracts one mean over all states.

expects: every state has its own
"""


def advantage(Q, pi):
    return Q - (pi * Q).sum(axis=1).mean()
