"""Averages over the states.

expects: over states instead of over actions
"""


def advantage(Q, pi):
    return Q - (pi * Q).sum(axis=0)
