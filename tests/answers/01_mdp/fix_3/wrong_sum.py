"""Adds the returns of all trajectories up.

expects: summed, not averaged
"""

import numpy as np


def fix_3(r, gamma):
    return (r @ gamma ** np.arange(r.shape[1])).sum()
