"""Squares in exact fractions; only the tolerance is a decision."""

from fractions import Fraction


def vh_check(err):
    e = [Fraction(float(x)) for x in err]
    m, size = len(e), max(abs(x) for x in e)
    if abs(sum(e)) > size * Fraction(1, 10**7):
        return False
    top, squares = max(e), sum(x * x for x in e)
    gap = m * (m - 1) * top * top - squares
    return top > 0 and abs(gap) <= Fraction(1, 10**6) * squares
