"""A running product."""


def iterations_needed(r_max, gamma, eps):
    bound, k = r_max / (1 - gamma), 0
    while bound > eps:
        bound, k = bound * gamma, k + 1
    return k
