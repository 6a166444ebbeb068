"""alpha is ignored.

expects: alpha is ignored
"""

from scipy.special import softmax


def soft_pi(Q, alpha):
    return softmax(Q, axis=1)
