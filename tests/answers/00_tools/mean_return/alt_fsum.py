"""An exact sum."""

import math


def mean_return(returns):
    return math.fsum(returns.tolist()) / len(returns)
