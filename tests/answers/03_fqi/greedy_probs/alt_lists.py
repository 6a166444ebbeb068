"""Nested lists."""


def greedy_probs(Q):
    pi = []
    for row in Q.tolist():
        best = [a for a, q in enumerate(row) if q == max(row)]
        pi.append([1 / len(best) if a in best else 0 for a in range(len(row))])
    return pi
