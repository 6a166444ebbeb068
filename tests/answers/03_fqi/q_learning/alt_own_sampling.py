"""Draws next states from P itself, without mdp.step."""

import numpy as np


def q_learning(mdp, n_steps, rng, epsilon=1.0, omega=0.7):
    Q, N = np.zeros(mdp.R.shape), np.zeros(mdp.R.shape)
    S, A = Q.shape
    s = rng.choice(S, p=mdp.rho0)
    for _ in range(n_steps):
        a = rng.choice(A) if rng.uniform() < epsilon else np.argmax(Q[s])
        s_next = rng.choice(S, p=mdp.P[s, a])
        N[s, a] += 1
        y = mdp.R[s, a] + mdp.gamma * (1 - mdp.terminal[s_next]) * np.max(Q[s_next])
        Q[s, a] = Q[s, a] + (y - Q[s, a]) / N[s, a] ** omega
        s = rng.choice(S, p=mdp.rho0) if mdp.terminal[s_next] else s_next
    return Q
