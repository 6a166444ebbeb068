"""Forgets the factor sqrt(2) before the density.

expects: factor square root of 2
"""

import math

from scipy.special import ndtr


def gap_bias(d):
    u = d / math.sqrt(2)
    return d * ndtr(u) + math.exp(-u * u / 2) / math.sqrt(2 * math.pi) - d
