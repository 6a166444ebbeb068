"""Takes r_max for the first error.

expects: not r_max
"""


def iterations_needed(r_max, gamma, eps):
    k = 0
    while gamma**k * r_max > eps:
        k += 1
    return k
