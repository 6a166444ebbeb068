"""Shares in proportion to the values.

expects: turned into shares
"""


def greedy_probs(Q):
    shifted = Q - Q.min(axis=1, keepdims=True) + 1e-12
    return shifted / shifted.sum(axis=1, keepdims=True)
