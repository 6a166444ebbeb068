"""Subtracts the largest Q of the table: small rows underflow.

expects: not of the whole table
"""

import numpy as np


def soft_v(Q, alpha):
    top = Q.max()
    return top + alpha * np.log(np.exp((Q - top) / alpha).sum(axis=1))
