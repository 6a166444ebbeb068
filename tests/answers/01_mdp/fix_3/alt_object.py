"""The mean of lazily computed returns, one polynomial in gamma a trajectory."""

import statistics

import numpy as np


def fix_3(r, gamma):
    return statistics.mean(float(np.polyval(row[::-1], gamma)) for row in r)
