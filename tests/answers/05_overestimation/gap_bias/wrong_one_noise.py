"""Only one of the two estimates is noisy.

expects: Only one of the two
"""

import math

from scipy.special import ndtr


def gap_bias(d):
    u = d
    return d * ndtr(u) + math.exp(-u * u / 2) / math.sqrt(2 * math.pi) - d
