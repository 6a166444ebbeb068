"""Uses d where d / sqrt(2) belongs.

expects: it is d divided by the square root of 2
"""

import math

from scipy.special import ndtr


def gap_bias(d):
    u = d
    return d * ndtr(u) + math.sqrt(2) * math.exp(-u * u / 2) / math.sqrt(2 * math.pi) - d
