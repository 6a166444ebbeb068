"""Each sample overwrites its pair.

expects: no mean is taken
"""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, over = batch
    Q = np.zeros((n_states, n_actions))
    for _ in range(n):
        y = r + gamma * np.where(over, 0.0, Q[s_next].max(axis=1))
        Q[s, a] = y
    return Q
