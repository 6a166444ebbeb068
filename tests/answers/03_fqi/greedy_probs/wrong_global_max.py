"""Compares with the largest entry of the whole table.

expects: each state has its own
"""


def greedy_probs(Q):
    return (Q.max() == Q).astype(float)
