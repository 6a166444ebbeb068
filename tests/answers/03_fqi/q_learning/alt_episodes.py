"""Loops over episodes."""

import numpy as np


def q_learning(mdp, n_steps, rng, epsilon=1.0, omega=0.7):
    Q, N = np.zeros(mdp.R.shape), np.zeros(mdp.R.shape, dtype=int)
    done = 0
    while done < n_steps:
        s, terminated = mdp.reset(rng), False
        while not terminated and done < n_steps:
            explore = rng.random() < epsilon
            a = int(rng.integers(mdp.n_actions)) if explore else int(np.argmax(Q[s]))
            s_next, r, terminated = mdp.step(s, a, rng)
            N[s, a] += 1
            target = r + mdp.gamma * (0.0 if terminated else Q[s_next].max())
            Q[s, a] += N[s, a] ** (-omega) * (target - Q[s, a])
            s = s_next
            done += 1
    return Q
