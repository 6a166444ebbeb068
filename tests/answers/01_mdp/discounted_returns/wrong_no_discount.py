"""Forgets gamma.

expects: There is no discount
"""

import numpy as np


def discounted_returns(r, gamma, last_value=0.0):
    return np.cumsum(np.asarray(r, dtype=float)[::-1])[::-1] + last_value
