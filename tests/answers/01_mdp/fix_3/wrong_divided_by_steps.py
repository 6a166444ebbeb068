"""Averages the discounted rewards over steps too.

expects: also divided by the number of steps
"""

import numpy as np


def fix_3(r, gamma):
    return (gamma ** np.arange(r.shape[1]) * r).mean()
