"""A root of the derivative at w' = w."""

import numpy as np


def w2w_threshold(eps):
    return float(np.roots([4 * (1 - eps) + 2, -5])[0])
