"""Forgets 1 / sqrt(2 pi).

expects: lacks the factor
"""

import math

from scipy.special import ndtr


def gap_bias(d):
    u = d / math.sqrt(2)
    return d * ndtr(u) + math.sqrt(2) * math.exp(-u * u / 2) - d
