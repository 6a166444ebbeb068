"""Subtracts the largest Q of the table: small rows underflow.

expects: NaN or infinity
"""

import numpy as np


def soft_v(Q, alpha):
    top = Q.max()
    return top + alpha * np.log(np.exp((Q - top - 800 * alpha) / alpha).sum(axis=1)) + 800 * alpha
