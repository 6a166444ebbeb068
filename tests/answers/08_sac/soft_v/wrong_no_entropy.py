"""The mean of Q under the softmax.

expects: The entropy is missing
"""

from scipy.special import softmax


def soft_v(Q, alpha):
    return (softmax(Q / alpha, axis=1) * Q).sum(axis=1)
