"""Counts the first reward only.

expects: Only the first reward
"""


def solve_v(mdp, pi):
    return (pi * mdp.R).sum(axis=1)
