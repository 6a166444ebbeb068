"""Begins with the second step of each walk.

expects: The first step of each walk
"""

import numpy as np

from qlib import envs
from qlib.rollouts import rollouts


def rms_curve(ns, alphas, runs, rng, n_states=19, episodes=10):
    walk = envs.random_walk(n_states, left_reward=-1.0)
    coin = np.full((n_states + 2, 2), 0.5)
    truth = np.linspace(-1, 1, n_states + 2)[1:-1]
    V, lane = np.zeros((len(ns), len(alphas), runs, n_states + 2)), np.arange(runs)
    V[..., 1:-1] = 0.0
    errors = np.zeros(V.shape[:3])
    for _ in range(episodes):
        s, _, r = rollouts(walk, coin, runs, rng, 10**6).padded()
        total, T = np.cumsum(np.column_stack([np.zeros(runs), r]), axis=1), r.shape[1]
        for t in range(1, T):
            for i, n in enumerate(ns):
                W = V[i]
                end = min(t + n, T)
                target = total[:, end] - total[:, t] + W[:, lane, s[:, end]]
                now = W[:, lane, s[:, t]]
                W[:, lane, s[:, t]] = now + alphas[:, None] * (target - now)
        errors += np.sqrt(((V[..., 1:-1] - truth) ** 2).mean(axis=-1)) / episodes
    return errors
