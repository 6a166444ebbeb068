"""Stays in the terminal state.

expects: After the first end nothing more is learned
"""

import numpy as np


def q_learning(mdp, n_steps, rng, epsilon=1.0, omega=0.7):
    Q, N = np.zeros(mdp.R.shape), np.zeros(mdp.R.shape)
    s = mdp.reset(rng)
    for _ in range(n_steps):
        a = rng.integers(mdp.n_actions) if rng.random() < epsilon else Q[s].argmax()
        s_next, r, terminated = mdp.step(s, a, rng)
        N[s, a] += 1
        y = r + mdp.gamma * (not terminated) * Q[s_next].max()
        Q[s, a] += N[s, a] ** -omega * (y - Q[s, a])
        s = s_next
    return Q
