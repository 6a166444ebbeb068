"""The tables of one run are handed to the next.

expects: the run before it has learned
"""

import numpy as np


def left_rate(mode, episodes, runs, rng, n_actions=10, mu=-0.1, sigma=1.0, alpha=0.1, epsilon=0.1):
    left, B, count = np.zeros(2), np.zeros((2, n_actions)), np.zeros(episodes)
    for _ in range(runs):
        for t in range(episodes):
            lead = left.sum() + 1e-9 * rng.normal()
            go = rng.random() < 0.5 if rng.random() < epsilon else lead > 0
            count[t] += go
            if go:
                own, coin = (0, 0) if mode == "q" else rng.integers(2, size=2)
                judge = own if mode == "q" else 1 - own
                left[own] += alpha * (B[judge, B[own].argmax()] - left[own])
                a = rng.integers(n_actions) if rng.random() < epsilon else B.sum(axis=0).argmax()
                B[coin, a] += alpha * (rng.normal(mu, sigma) - B[coin, a])
    return count / runs
