"""Multiplies by 1 - gamma instead of dividing.

expects: do not multiply
"""


def iterations_needed(r_max, gamma, eps):
    k = 0
    while gamma**k * r_max * (1 - gamma) > eps:
        k += 1
    return k
