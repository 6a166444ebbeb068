"""The hard maximum.

expects: hard maximum
"""


def soft_v(Q, alpha):
    return Q.max(axis=1)
