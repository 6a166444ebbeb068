"""log sum exp without alpha before it.

expects: alpha before log sum exp is missing
"""

from scipy.special import logsumexp


def soft_v(Q, alpha):
    return logsumexp(Q / alpha, axis=1)
