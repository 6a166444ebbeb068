"""log of the mean.

expects: log of the mean
"""

import numpy as np


def soft_v(Q, alpha):
    top = Q.max(axis=1)
    return top + alpha * np.log(np.exp((Q - top[:, None]) / alpha).mean(axis=1))
