"""scipy's logsumexp."""

from scipy.special import logsumexp


def soft_v(Q, alpha):
    return alpha * logsumexp(Q / alpha, axis=1)
