"""Takes "average reward" by its word.

expects: This is the mean reward
"""

import numpy as np


def fix_1(r, gamma):
    return np.mean(r)
