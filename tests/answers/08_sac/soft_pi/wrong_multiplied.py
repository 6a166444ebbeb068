"""alpha multiplies Q.

expects: alpha multiplies Q
"""

from scipy.special import softmax


def soft_pi(Q, alpha):
    return softmax(alpha * Q, axis=1)
