"""The worst action.

expects: smallest values
"""


def greedy(Q):
    return Q.argmin(axis=1)
