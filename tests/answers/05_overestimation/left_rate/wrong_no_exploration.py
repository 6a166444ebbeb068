"""Always greedy in A.

expects: does not explore
"""

import numpy as np


def act(values, epsilon, rng):
    best = values == values.max(axis=1, keepdims=True)
    greedy = (best * rng.random(values.shape)).argmax(axis=1)
    random = rng.integers(values.shape[1], size=len(values))
    return np.where(rng.random(len(values)) < epsilon, random, greedy)


def left_rate(mode, episodes, runs, rng, n_actions=10, mu=-0.1, sigma=1.0, alpha=0.1, epsilon=0.1):
    A, B = np.zeros((2, runs, 2)), np.zeros((2, runs, n_actions))
    rate = np.zeros(episodes)
    for t in range(episodes):
        i = np.flatnonzero(act(A.sum(axis=0), 0.0, rng) == 0)
        rate[t] = len(i) / runs
        own, coin = (0 * i, 0 * i) if mode == "q" else rng.integers(2, size=(2, len(i)))
        other = own if mode == "q" else 1 - own
        select, evaluate = (other, own) if mode == "seed" else (own, other)
        best = act(B[select, i], 0.0, rng)
        A[own, i, 0] += alpha * (B[evaluate, i, best] - A[own, i, 0])
        a = act(B[:, i].sum(axis=0), epsilon, rng)
        B[coin, i, a] += alpha * (rng.normal(mu, sigma, len(i)) - B[coin, i, a])
    return rate
