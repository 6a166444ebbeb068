"""Takes the logarithm of gamma = 0.

expects: stopped with ValueError
"""

import math


def iterations_needed(r_max, gamma, eps):
    return max(0, math.ceil(math.log(eps * (1 - gamma) / r_max) / math.log(gamma)))
