"""2 / N.

expects: count the ages of the copy from 0
"""


def matching_tau(N):
    return 2 / N
