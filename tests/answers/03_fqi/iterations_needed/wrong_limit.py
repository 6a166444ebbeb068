"""Gives up after 1000 sweeps.

expects: gamma = 0.99
"""


def iterations_needed(r_max, gamma, eps):
    for k in range(1000):
        if gamma**k * r_max / (1 - gamma) <= eps:
            return k
    return 1000
