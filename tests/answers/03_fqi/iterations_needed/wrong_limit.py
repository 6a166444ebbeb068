"""Gives up after 1000 sweeps.

expects: No count goes beyond 1000
"""


def iterations_needed(r_max, gamma, eps):
    for k in range(1000):
        if gamma**k * r_max / (1 - gamma) <= eps:
            return k
    return 1000
