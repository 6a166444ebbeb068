"""Measures against the best action.

expects: against the best action
"""


def advantage(Q, pi):
    return Q - Q.max(axis=1, keepdims=True)
