"""The recursion as a filter that runs backwards in time."""

import numpy as np
from scipy.signal import lfilter


def discounted_returns(r, gamma, last_value=0.0):
    if len(r) == 0:
        return np.zeros(0)
    reverse = np.asarray(r, dtype=float)[::-1]
    out, _ = lfilter([1.0], [1.0, -gamma], reverse, zi=[gamma * last_value])
    return out[::-1]
