"""Rounds up and adds one more.

expects: One sweep too many
"""

import math


def iterations_needed(r_max, gamma, eps):
    if r_max / (1 - gamma) <= eps:
        return 0
    if gamma == 0:
        return 1
    return math.ceil(math.log(eps * (1 - gamma) / r_max) / math.log(gamma)) + 1
