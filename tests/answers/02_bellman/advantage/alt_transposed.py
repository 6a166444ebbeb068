"""Works on the transposed tables."""


def advantage(Q, pi):
    return (Q.T - (pi * Q).sum(axis=1)).T
