"""Counts everything within 0.1 of the best as tied.

expects: actions that are not best have probability
"""


def greedy_probs(Q):
    best = Q.max(axis=1, keepdims=True) - 0.1 <= Q
    return best / best.sum(axis=1, keepdims=True)
