"""Sorts by pair, then reduces."""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, terminated = batch
    Q = np.zeros(n_states * n_actions)
    pairs = s * n_actions + a
    order = np.argsort(pairs, kind="stable")
    found, first, count = np.unique(pairs[order], return_index=True, return_counts=True)
    for _ in range(n):
        V = Q.reshape(n_states, n_actions).max(axis=1)
        y = np.where(terminated, r, r + gamma * V[s_next])[order]
        if len(y):
            Q = np.zeros_like(Q)
            Q[found] = np.add.reduceat(y, first) / count
    return Q.reshape(n_states, n_actions)
