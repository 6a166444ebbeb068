"""Returns the values.

expects: values of states
"""


def advantage(Q, pi):
    return (pi * Q).sum(axis=1)
