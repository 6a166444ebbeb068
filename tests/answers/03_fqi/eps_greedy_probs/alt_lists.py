"""Nested lists."""


def eps_greedy_probs(Q, eps):
    A = len(Q[0])
    pi = [[eps / A] * A for _ in Q]
    for row, probs in zip(Q.tolist(), pi, strict=False):
        probs[row.index(max(row))] += 1 - eps
    return pi
