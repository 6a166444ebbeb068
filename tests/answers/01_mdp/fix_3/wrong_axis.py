"""Discounts along the trajectories instead of along time.

expects: over the trajectories instead of over time
"""

import numpy as np


def fix_3(r, gamma):
    return (gamma ** np.arange(len(r)) @ r).mean()
