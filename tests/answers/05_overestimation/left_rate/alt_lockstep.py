"""All runs take all steps; a mask keeps what happened."""

import numpy as np


def left_rate(mode, episodes, runs, rng, n_actions=10, mu=-0.1, sigma=1.0, alpha=0.1, epsilon=0.1):
    lane, tables = np.arange(runs), 1 if mode == "q" else 2
    left, B = np.zeros((runs, tables)), np.zeros((runs, tables, n_actions))
    out = []
    for _ in range(episodes):
        lead = left.sum(axis=1) + 1e-12 * rng.normal(size=runs)
        go = np.where(rng.random(runs) < epsilon, rng.random(runs) < 0.5, lead > 0)
        out.append(go.mean())
        own = rng.integers(tables, size=runs)
        sel, ev = (own, tables - 1 - own) if mode != "seed" else (tables - 1 - own, own)
        noisy = B + 1e-12 * rng.random(B.shape)
        y = B[lane, ev, noisy[lane, sel].argmax(axis=1)]
        left[lane, own] += go * alpha * (y - left[lane, own])
        own = rng.integers(tables, size=runs)
        greedy = noisy.sum(axis=1).argmax(axis=1)
        a = np.where(rng.random(runs) < epsilon, rng.integers(n_actions, size=runs), greedy)
        r = mu + sigma * rng.standard_normal(runs)
        B[lane, own, a] += go * alpha * (r - B[lane, own, a])
    return out
