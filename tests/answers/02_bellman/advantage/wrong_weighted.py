"""Weighs Q by the policy too.

expects: weighted by the policy as well
"""


def advantage(Q, pi):
    return pi * Q - (pi * Q).sum(axis=1, keepdims=True)
