"""The logarithm goes below 0.

expects: is not negative
"""

import math


def iterations_needed(r_max, gamma, eps):
    if gamma == 0:
        return int(r_max > eps)
    return math.ceil(math.log(eps * (1 - gamma) / r_max) / math.log(gamma))
