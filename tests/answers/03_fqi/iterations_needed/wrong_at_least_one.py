"""At least one sweep.

expects: One sweep too many
"""


def iterations_needed(r_max, gamma, eps):
    k = 1
    while gamma**k * r_max / (1 - gamma) > eps:
        k += 1
    return k
