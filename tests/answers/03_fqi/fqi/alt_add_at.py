"""np.add.at."""

import numpy as np


def fqi(batch, n_states, n_actions, gamma, n):
    s, a, r, s_next, terminated = batch
    Q = np.zeros((n_states, n_actions))
    count = np.zeros_like(Q)
    np.add.at(count, (s, a), 1)
    for _ in range(n):
        total = np.zeros_like(Q)
        np.add.at(total, (s, a), r + gamma * (1 - terminated) * Q.max(axis=1)[s_next])
        Q = np.divide(total, count, out=np.zeros_like(Q), where=count > 0)
    return Q
