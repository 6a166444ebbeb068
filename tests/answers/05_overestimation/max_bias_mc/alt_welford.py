"""A class that updates mean and spread draw by draw (Welford)."""

import math


class Running:
    def __init__(self):
        self.n, self.mean, self.squares = 0, 0.0, 0.0

    def add(self, x):
        self.n += 1
        step = x - self.mean
        self.mean += step / self.n
        self.squares += step * (x - self.mean)


def max_bias_mc(mu, sigma, n, rng):
    best, bias = max(mu), Running()
    for row in rng.standard_normal((n, len(mu))).tolist():
        bias.add(max(m + sigma * z for m, z in zip(mu, row, strict=True)) - best)
    return bias.mean, math.sqrt(bias.squares / n / (n - 1))
