"""Ternary search on the loss."""

import numpy as np


def mse_vs_huber_min(y, p):
    def loss(x):
        e = np.abs(x - y)
        return float(np.sum(p * np.where(e <= 1, e * e / 2, e - 0.5)))

    low, high = y.min() - 1.0, y.max() + 1.0
    for _ in range(200):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if loss(a) < loss(b) else (a, high)
    return np.average(y, weights=p), (low + high) / 2
