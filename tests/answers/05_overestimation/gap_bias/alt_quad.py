"""With scipy's quad over the survival function."""

from scipy.integrate import quad
from scipy.special import ndtr


def gap_bias(d):
    value, _ = quad(lambda x: ndtr(-(x + d) / 2**0.5), 0, 40)
    return value
