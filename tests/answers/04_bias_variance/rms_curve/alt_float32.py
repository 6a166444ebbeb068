"""Single precision; run after run, each with a coin of its own; all n and step sizes at once."""

import numpy as np


def rms_curve(ns, alphas, runs, rng, n_states=19, episodes=10):
    truth = np.linspace(-1, 1, n_states + 2, dtype=np.float32)
    size, row = alphas.astype(np.float32), np.arange(len(ns))
    errors = np.zeros((len(ns), len(alphas), runs), dtype=np.float32)
    for k, seed in enumerate(rng.integers(2**32, size=runs)):
        coin = np.random.default_rng(seed)
        V = np.zeros((len(ns), n_states + 2, len(alphas)), dtype=np.float32)
        V[:, 0], V[:, -1] = truth[0], truth[-1]  # what an end pays stands in its place
        for _ in range(episodes):
            s = walk(coin, n_states)
            for t in range(len(s) - 1):
                ahead = s[np.minimum(t + ns, len(s) - 1)]
                V[:, s[t]] += size * (V[row, ahead] - V[:, s[t]])
            off = V[:, 1:-1] - truth[1:-1, None]
            errors[:, :, k] += np.sqrt(np.mean(off**2, axis=1))
    return errors / episodes


def walk(coin, n_states):
    s = [n_states // 2 + 1]
    while 0 < s[-1] < n_states + 1:
        s.append(s[-1] + (1 if coin.random() < 0.5 else -1))
    return np.array(s)
