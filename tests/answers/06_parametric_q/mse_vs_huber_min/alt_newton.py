"""Gradient descent with a step of 1, which the slope allows."""

import numpy as np


def mse_vs_huber_min(y, p):
    mean = float(p @ y)
    x = mean
    for _ in range(20_000):
        step = float(p @ np.clip(x - y, -1, 1))
        x -= step
        if abs(step) < 1e-12:
            break
    return [mean, x]
