"""A running mean in the table from which the targets come.

expects: a table that already contains new entries
"""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    Q = np.zeros((n_states, n_actions))
    for _ in range(n):
        count = np.zeros_like(Q)
        for s, a, r, s_next, over in zip(*batch, strict=False):
            y = r + gamma * (1 - over) * Q[s_next].max()
            count[s, a] += 1
            Q[s, a] += (y - Q[s, a]) / count[s, a]
    return Q
