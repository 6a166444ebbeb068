"""One number at a time."""

import numpy as np


def huber(x, delta):
    def one(e):
        return e * e / 2 if -delta <= e <= delta else delta * (abs(e) - delta / 2)

    return np.vectorize(one, otypes=[float])(x)
