"""The maximum over seen actions only.

expects: left out of the maximum
"""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, over = batch
    seen = np.zeros((n_states, n_actions), dtype=bool)
    seen[s, a] = True
    Q, count = np.zeros(seen.shape), np.zeros(seen.shape)
    np.add.at(count, (s, a), 1)
    for _ in range(n):
        V = np.where(seen.any(axis=1), np.where(seen, Q, -1e99).max(axis=1), 0.0)
        total = np.zeros_like(Q)
        np.add.at(total, (s, a), r + gamma * np.where(over, 0.0, V[s_next]))
        Q = total / np.maximum(count, 1)
    return Q
