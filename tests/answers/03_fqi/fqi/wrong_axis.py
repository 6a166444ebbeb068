"""Maximum over the wrong axis.

expects: The maximum runs over the samples
"""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, over = batch
    pairs, size = s * n_actions + a, n_states * n_actions
    count = np.bincount(pairs, minlength=size)
    Q = np.zeros((n_states, n_actions))
    for _ in range(n):
        y = r + gamma * np.where(over, 0.0, Q[s_next].max(axis=0))
        total = np.bincount(pairs, weights=y, minlength=size)
        Q = (total / np.maximum(count, 1)).reshape(n_states, n_actions)
    return Q
