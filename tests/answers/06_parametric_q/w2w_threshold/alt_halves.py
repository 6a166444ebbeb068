"""Multiplied by one half."""


def w2w_threshold(eps):
    return 2.5 / (3 - 2 * eps)
