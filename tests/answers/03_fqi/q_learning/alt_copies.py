"""Builds a new table in every step, and uses the update of 7a."""

import numpy as np


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    Q = Q.copy()
    target = r + gamma * (not terminated) * Q[s_next].max()
    Q[s, a] += alpha * (target - Q[s, a])
    return Q


def q_learning(mdp, n_steps, rng, epsilon=1.0, omega=0.7):
    Q, visits = np.zeros(mdp.R.shape), {}
    s = mdp.reset(rng)
    for _ in range(n_steps):
        a = rng.integers(mdp.n_actions) if rng.random() < epsilon else Q[s].argmax()
        s_next, r, terminated = mdp.step(s, a, rng)
        visits[s, int(a)] = visits.get((s, int(a)), 0) + 1
        alpha = visits[s, int(a)] ** -omega
        Q = q_learning_update(Q, s, a, r, s_next, terminated, alpha, mdp.gamma)
        s = s_next
        if terminated:
            s = mdp.reset(rng)
    return Q
