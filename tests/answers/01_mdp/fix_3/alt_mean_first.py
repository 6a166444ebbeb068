"""The mean reward at each time first, then the discounted sum: the order does not matter."""

import numpy as np


def fix_3(r, gamma):
    mean = np.mean(r, axis=0)
    return sum(gamma**t * mean[t] for t in range(len(mean)))
