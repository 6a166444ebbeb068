"""Doubles until it is enough, then bisects; exact fractions, no rounding anywhere."""

from fractions import Fraction


def iterations_needed(r_max, gamma, eps):
    r_max, gamma, eps = Fraction(r_max), Fraction(gamma), Fraction(eps)

    def enough(k):
        return gamma**k * r_max <= eps * (1 - gamma)

    if enough(0):
        return 0
    high = 1
    while not enough(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
