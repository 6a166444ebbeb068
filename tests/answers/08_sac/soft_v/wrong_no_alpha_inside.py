"""Q is not divided by alpha.

expects: not divided by alpha inside
"""

from scipy.special import logsumexp


def soft_v(Q, alpha):
    return alpha * logsumexp(Q, axis=1)
