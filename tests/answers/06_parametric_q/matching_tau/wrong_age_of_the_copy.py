"""2 / (N + 2): N / 2 for the mean age of the copy.

expects: it takes N / 2 for the mean age of the copy, whose ages
"""


def matching_tau(N):
    return 2 / (N + 2)
