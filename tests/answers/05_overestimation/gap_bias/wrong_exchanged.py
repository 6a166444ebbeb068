"""Exchanges density and distribution function.

expects: are exchanged
"""

import math

from scipy.special import ndtr


def gap_bias(d):
    u = d / math.sqrt(2)
    return d * math.exp(-u * u / 2) / math.sqrt(2 * math.pi) + math.sqrt(2) * ndtr(u) - d
