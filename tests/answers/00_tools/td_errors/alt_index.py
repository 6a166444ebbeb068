"""Takes column 0."""


def td_errors(q, target):
    return target - q[:, 0]
