"""Estimates a model, then iterates with it."""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, terminated = batch
    P = np.zeros((n_states, n_actions, n_states))
    R = np.zeros((n_states, n_actions))
    count = np.zeros((n_states, n_actions))
    np.add.at(count, (s, a), 1)
    np.add.at(R, (s, a), r)
    np.add.at(P, (s, a, s_next), ~terminated)
    count = np.maximum(count, 1)
    Q = np.zeros_like(R)
    for _ in range(n):
        Q = R / count + gamma * (P / count[:, :, None]) @ Q.max(axis=1)
    return Q
