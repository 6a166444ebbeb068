"""At least one sweep.

expects: Q_0 may be good enough
"""


def iterations_needed(r_max, gamma, eps):
    k = 1
    while gamma**k * r_max / (1 - gamma) > eps:
        k += 1
    return k
