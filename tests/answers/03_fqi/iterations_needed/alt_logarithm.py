"""With a logarithm."""

import math


def iterations_needed(r_max, gamma, eps):
    first = r_max / (1 - gamma)
    if first <= eps:
        return 0
    return 1 if gamma == 0 else math.ceil(math.log(eps / first) / math.log(gamma))
