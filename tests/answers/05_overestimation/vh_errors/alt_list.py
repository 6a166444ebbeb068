"""A plain list, from the sum of the others."""


def vh_errors(m, C):
    positive = [(C / (m - 1)) ** 0.5 for _ in range(m - 1)]
    return [-sum(positive), *positive]
