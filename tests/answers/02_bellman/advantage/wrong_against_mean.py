"""Measures against the plain mean.

expects: plain mean of all actions
"""


def advantage(Q, pi):
    return Q - Q.mean(axis=1, keepdims=True)
