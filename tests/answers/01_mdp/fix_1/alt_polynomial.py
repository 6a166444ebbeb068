"""The return is a polynomial in gamma."""

import numpy as np


def fix_1(r, gamma):
    return np.polyval(r[::-1], gamma)
