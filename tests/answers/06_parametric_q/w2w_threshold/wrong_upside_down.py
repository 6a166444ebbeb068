"""The fraction is upside down.

expects: The fraction is upside down
"""


def w2w_threshold(eps):
    return (6 - 4 * eps) / 5
