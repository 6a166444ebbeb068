"""Crashes without samples.

expects: stopped with ValueError
"""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, over = batch
    Q, count = np.zeros((n_states, n_actions)), np.zeros((n_states, n_actions))
    np.add.at(count, (s, a), 1)
    scale = np.abs(r).max()
    for _ in range(n):
        total = np.zeros_like(Q)
        y = r / scale + gamma / scale * np.where(over, 0, Q[s_next].max(axis=1))
        np.add.at(total, (s, a), y)
        Q = scale * total / np.maximum(count, 1)
    return Q
