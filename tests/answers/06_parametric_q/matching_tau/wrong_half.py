"""1 / (N + 1).

expects: This is 1 / (N + 1), half as much
"""


def matching_tau(N):
    return 1 / (N + 1)
