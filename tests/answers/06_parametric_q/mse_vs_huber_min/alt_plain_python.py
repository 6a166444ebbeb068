"""Walks from kink to kink of the slope and solves one linear equation."""

import math


def mse_vs_huber_min(y, p):
    y, p = list(map(float, y)), list(map(float, p))
    mean = math.fsum(a * b for a, b in zip(y, p, strict=True)) / math.fsum(p)

    def slope(x):
        return math.fsum(b * max(-1.0, min(1.0, x - a)) for a, b in zip(y, p, strict=True))

    kinks = sorted({a + side for a in y for side in (-1, 1)})
    right = next(k for k, x in enumerate(kinks) if slope(x) >= 0)
    if right == 0:
        return mean, kinks[0]
    low, high = kinks[right - 1], kinks[right]
    return mean, low - slope(low) * (high - low) / (slope(high) - slope(low))
