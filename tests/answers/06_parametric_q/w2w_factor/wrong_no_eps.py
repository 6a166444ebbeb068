"""The probability of the end is ignored.

expects: The probability of the end is ignored
"""


def w2w_factor(gamma, eps):
    return gamma * 6 / 5
