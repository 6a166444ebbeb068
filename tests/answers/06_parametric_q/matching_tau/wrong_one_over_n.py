"""1 / N.

expects: not the mean
"""


def matching_tau(N):
    return 1 / N
