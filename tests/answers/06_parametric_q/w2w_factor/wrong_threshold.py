"""The threshold instead of the factor.

expects: This is the threshold
"""


def w2w_factor(gamma, eps):
    return 5 / (6 - 4 * eps)
