"""The mean of clipped values.

expects: The mean of the values clipped
"""

import numpy as np


def mse_vs_huber_min(y, p):
    return float(np.sum(p * y)), float(np.sum(p * np.clip(y, -1, 1)))
