"""The bias of the double estimator.

expects: double estimator
"""

import math

from scipy.special import ndtr


def gap_bias(d):
    u = d / math.sqrt(2)
    return -d * ndtr(-u)
