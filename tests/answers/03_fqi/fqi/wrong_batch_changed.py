"""Writes the targets into the batch.

expects: The first call has changed the batch
"""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, over = batch
    s_next *= ~over
    Q, count = np.zeros((n_states, n_actions)), np.zeros((n_states, n_actions))
    np.add.at(count, (s, a), 1)
    y = r.copy()
    for _ in range(n):
        y[:] = r + gamma * np.where(over, 0.0, Q[s_next].max(axis=1))
        Q = np.zeros_like(Q)
        np.add.at(Q, (s, a), y)
        Q /= np.maximum(count, 1)
    r += 1.0
    return Q
