"""Divides by the gap.

expects: The gap may be 0
"""

import math

from scipy.special import ndtr


def gap_bias(d):
    u = d / math.sqrt(2)
    return d * (ndtr(u) + math.sqrt(2) * math.exp(-u * u / 2) / math.sqrt(2 * math.pi) / d - 1)
