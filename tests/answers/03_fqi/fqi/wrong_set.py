"""Counts equal samples once.

expects: are counted once
"""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    rows = sorted(set(zip(*(x.tolist() for x in batch), strict=False)))
    Q = np.zeros((n_states, n_actions))
    for _ in range(n):
        total, count = np.zeros_like(Q), np.zeros_like(Q)
        for s, a, r, s_next, over in rows:
            total[s, a] += r + gamma * (1 - over) * Q[s_next].max()
            count[s, a] += 1
        Q = total / np.maximum(count, 1)
    return Q
