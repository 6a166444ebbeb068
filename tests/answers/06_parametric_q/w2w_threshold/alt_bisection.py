"""Bisection on the factor."""


def w2w_threshold(eps):
    low, high = 0.0, 10.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if middle * (6 - 4 * eps) / 5 < 1 else (low, middle)
    return low
