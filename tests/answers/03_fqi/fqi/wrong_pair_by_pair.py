"""Fits pair by pair, in place.

expects: a table that already contains new entries
"""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, over = batch
    Q = np.zeros((n_states, n_actions))
    for _ in range(n):
        for pair in np.ndindex(n_states, n_actions):
            mine = (s == pair[0]) & (a == pair[1])
            if mine.any():
                y = r[mine] + gamma * (1 - over[mine]) * Q[s_next[mine]].max(axis=1)
                Q[pair] = y.mean()
    return Q
