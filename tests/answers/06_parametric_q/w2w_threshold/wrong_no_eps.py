"""eps is ignored.

expects: The probability of the end is ignored
"""


def w2w_threshold(eps):
    return 5 / 6
