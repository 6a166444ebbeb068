"""Normalised over the whole table.

expects: not row by row
"""

from scipy.special import softmax


def soft_pi(Q, alpha):
    return softmax(Q / alpha)
