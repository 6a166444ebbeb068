"""Does not round.

expects: must be whole numbers
"""

import math


def iterations_needed(r_max, gamma, eps):
    return math.log(eps * (1 - gamma) / r_max) / math.log(gamma)
