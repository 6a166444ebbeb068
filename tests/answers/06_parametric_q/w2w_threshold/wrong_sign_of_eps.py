"""The wrong sign of eps.

expects: so the threshold rises
"""


def w2w_threshold(eps):
    return 5 / (6 + 4 * eps)
