"""Single precision, on a copy."""

import numpy as np


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    table = np.array(Q, dtype=np.float32)
    bootstrap = np.float32(0 if terminated else gamma) * table[s_next].max()
    table[s, a] += np.float32(alpha) * (np.float32(r) + bootstrap - table[s, a])
    return table
