"""Both tables in one array."""

import numpy as np


def double_q_update(QA, QB, s, a, r, s2, term, alpha, gamma, update_A, roles="standard"):
    Q = np.stack([QA, QB])
    k = 0 if update_A else 1
    sel = 1 - k if roles == "seed" else k
    future = Q[1 - sel, s2, Q[sel, s2].argmax()] * (1 - term)
    Q[k, s, a] += alpha * (r + gamma * future - Q[k, s, a])
    return Q
