"""Cut off at 1.

expects: The threshold is cut off at 1
"""


def w2w_threshold(eps):
    return min(1.0, 5 / (6 - 4 * eps))
