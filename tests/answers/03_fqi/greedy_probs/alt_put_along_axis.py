"""Writes a 1 into each row."""

import numpy as np


def greedy_probs(Q):
    pi = np.zeros_like(Q)
    np.put_along_axis(pi, Q.argmax(axis=1)[:, None], 1.0, axis=1)
    return pi
