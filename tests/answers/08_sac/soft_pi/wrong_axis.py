"""Normalised over the states.

expects: normalised over the states
"""

from scipy.special import softmax


def soft_pi(Q, alpha):
    return softmax(Q / alpha, axis=0)
