"""2 / N.

expects: Both are only nearly right
"""


def matching_tau(N):
    return 2 / N
