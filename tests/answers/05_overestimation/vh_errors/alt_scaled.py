"""Builds the shape, then scales it."""

import numpy as np


def vh_errors(m, C):
    e = np.ones(m)
    e[m // 2] -= m
    return e * np.sqrt(C / np.mean(e**2))
