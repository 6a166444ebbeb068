"""itertools.count."""

from itertools import count


def iterations_needed(r_max, gamma, eps):
    return next(k for k in count() if gamma**k * r_max <= eps * (1 - gamma))
