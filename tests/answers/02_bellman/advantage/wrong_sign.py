"""Turns the sign round.

expects: sign is turned round
"""


def advantage(Q, pi):
    return (pi * Q).sum(axis=1, keepdims=True) - Q
