"""Forgets gamma.

expects: There is no discount
"""

import numpy as np


def mc_targets(ep, gamma):
    return np.cumsum(ep.r[::-1])[::-1]
