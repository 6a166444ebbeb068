"""One array for everything; in A all actions but two are ruled out."""

import numpy as np


def left_rate(mode, episodes, runs, rng, n_actions=10, mu=-0.1, sigma=1.0, alpha=0.1, epsilon=0.1):
    K = max(n_actions, 2)
    Q = np.zeros((2, 2, runs, K))  # table, state, run, action
    Q[:, 0, :, 2:], Q[:, 1, :, n_actions:] = -np.inf, -np.inf

    def pick(values):
        noise = rng.random(values.shape)
        return np.lexsort((noise, values), axis=-1)[:, -1]

    def explore(values, n):
        return np.where(rng.random(runs) < epsilon, rng.integers(n, size=runs), pick(values))

    every, rate = np.arange(runs), []
    for _ in range(episodes):
        left = explore(Q[:, 0].sum(axis=0), 2) == 1
        rate.append(left.mean())
        own = np.zeros(runs, int) if mode == "q" else rng.integers(2, size=runs)
        other = own if mode == "q" else 1 - own
        first, second = (other, own) if mode == "seed" else (own, other)
        target = Q[second, 1, every, pick(Q[first, 1, every])]
        Q[own[left], 0, every[left], 1] += alpha * (target - Q[own, 0, every, 1])[left]
        a = explore(Q[:, 1].sum(axis=0), n_actions)
        own = np.zeros(runs, int) if mode == "q" else rng.integers(2, size=runs)
        r = rng.normal(mu, sigma, runs)
        Q[own[left], 1, every[left], a[left]] += alpha * (r - Q[own, 1, every, a])[left]
    return rate
