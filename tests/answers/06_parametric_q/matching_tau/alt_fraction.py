"""An exact fraction."""

from fractions import Fraction


def matching_tau(N):
    return float(Fraction(2, int(N) + 1))
