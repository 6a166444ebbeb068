"""With the error function."""

import math


def gap_bias(d):
    return math.exp(-d * d / 4) / math.sqrt(math.pi) - d * (1 - math.erf(d / 2)) / 2
