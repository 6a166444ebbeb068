"""Draws all coins and all random actions before the first step; counts in a Counter."""

from collections import Counter

import numpy as np


def q_learning(mdp, n_steps, rng, epsilon=1.0, omega=0.7):
    explores = rng.random(n_steps) < epsilon
    drawn = rng.integers(0, mdp.n_actions, size=n_steps)
    Q, seen = np.zeros((mdp.n_states, mdp.n_actions)), Counter()
    s = mdp.reset(rng)
    for explore, a in zip(explores, drawn, strict=True):
        a = int(a) if explore else int(np.argmax(Q[s]))
        s_next, r, terminated = mdp.step(s, a, rng)
        seen[s, a] += 1
        alpha = 1 / seen[s, a] ** omega
        ahead = 0.0 if terminated else mdp.gamma * np.max(Q[s_next])
        Q[s, a] = (1 - alpha) * Q[s, a] + alpha * (r + ahead)
        s = mdp.reset(rng) if terminated else s_next
    return Q
