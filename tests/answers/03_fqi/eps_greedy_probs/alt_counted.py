"""Counts the ways to an action: by chance, by choice."""

from fractions import Fraction


def eps_greedy_probs(Q, eps):
    eps = Fraction(eps)
    policy = []
    for row in Q.tolist():
        best = [a for a, q in enumerate(row) if q == max(row)]
        by_chance = [eps / len(row) for _ in row]
        by_choice = [(1 - eps) / len(best) if a in best else 0 for a in range(len(row))]
        policy.append([float(x + y) for x, y in zip(by_chance, by_choice, strict=True)])
    return policy
