"""eps taken for the probability of going on.

expects: taken for that of going on
"""


def w2w_factor(gamma, eps):
    return gamma * (2 + 4 * eps) / 5
