"""Worse actions get more.

expects: better actions get less
"""

from scipy.special import softmax


def soft_pi(Q, alpha):
    return softmax(-Q / alpha, axis=1)
