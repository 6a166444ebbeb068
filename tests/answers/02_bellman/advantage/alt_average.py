"""np.average with weights."""

import numpy as np


def advantage(Q, pi):
    return Q - np.average(Q, axis=1, weights=pi).reshape(-1, 1)
