"""Fresh walks for each n."""

import numpy as np

from qlib import envs
from qlib.rollouts import rollouts


def rms_curve(ns, alphas, runs, rng, n_states=19, episodes=10):
    walk = envs.random_walk(n_states, left_reward=-1.0)
    coin, lane = np.full((n_states + 2, 2), 0.5), np.arange(runs)
    truth = np.arange(-n_states + 1, n_states + 1, 2) / (n_states + 1)
    out = []
    for n in ns:
        V, means = np.zeros((len(alphas), runs, n_states + 2)), []
        for _ in range(episodes):
            s, _, r = rollouts(walk, coin, runs, rng, 10**6).padded()
            rest = np.cumsum(np.column_stack([r, np.zeros(runs)])[:, ::-1], axis=1)[:, ::-1]
            for t in range(r.shape[1]):
                end = min(t + n, r.shape[1])
                target = rest[:, t] - rest[:, end] + V[:, lane, s[:, end]]
                V[:, lane, s[:, t]] += alphas[:, None] * (target - V[:, lane, s[:, t]])
            means.append(np.sqrt(np.mean((V[:, :, 1:-1] - truth) ** 2, axis=2)))
        out.append(np.mean(means, axis=0))
    return np.array(out)
