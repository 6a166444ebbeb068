"""The outcome stands in the table as the value of the ends."""

import numpy as np

from qlib import envs
from qlib.rollouts import rollouts


def rms_curve(ns, alphas, runs, rng, n_states=19, episodes=10):
    walk = envs.random_walk(n_states, left_reward=-1.0)
    coin, lane = np.full((n_states + 2, 2), 0.5), np.arange(runs)
    truth = np.linspace(-1, 1, n_states + 2)
    V = np.zeros((len(ns), len(alphas), runs, n_states + 2))
    V[..., 0], V[..., -1] = -1.0, 1.0
    errors = []
    for _ in range(episodes):
        s = rollouts(walk, coin, runs, rng, 10**6).padded()[0]
        T = s.shape[1] - 1
        for t in range(T):
            for W, n in zip(V, ns, strict=True):
                ahead = W[:, lane, s[:, min(t + n, T)]]
                W[:, lane, s[:, t]] += alphas[:, None] * (ahead - W[:, lane, s[:, t]])
        errors.append(np.sqrt(((V - truth)[..., 1:-1] ** 2).mean(axis=-1)))
    return np.mean(errors, axis=0)
