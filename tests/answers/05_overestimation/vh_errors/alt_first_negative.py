"""The negative error comes first."""


def vh_errors(m, C):
    b = (C / (m - 1)) ** 0.5
    return [-(m - 1) * b] + [b] * (m - 1)
