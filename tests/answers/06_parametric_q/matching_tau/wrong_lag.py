"""The lag instead of the rate.

expects: This is the mean lag
"""


def matching_tau(N):
    return (N - 1) / 2
