"""Divides by a tail that is 0 far out.

expects: is something divided by one of them
"""

import math

from scipy.special import ndtr


def gap_bias(d):
    u = d / math.sqrt(2)
    density, tail = math.exp(-u * u / 2) / math.sqrt(2 * math.pi), ndtr(-u)
    return tail * (math.sqrt(2) * density / tail - d)
