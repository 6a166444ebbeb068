"""The inner derivative 2 of the second square is forgotten.

expects: The derivative of the inside is forgotten
"""


def w2w_factor(gamma, eps):
    return gamma * (2 + 2 * (1 - eps)) / 3
