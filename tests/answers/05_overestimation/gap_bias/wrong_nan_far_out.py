"""Gives up far out.

expects: NaN or infinity
"""

import math

from scipy.special import ndtr


def gap_bias(d):
    u = d / math.sqrt(2)
    value = math.sqrt(2) * math.exp(-u * u / 2) / math.sqrt(2 * math.pi) - d * ndtr(-u)
    return value if d < 9 else float("nan")
