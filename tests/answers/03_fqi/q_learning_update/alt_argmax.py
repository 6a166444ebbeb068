"""The value at the argmax."""

import numpy as np


def q_learning_update(Q, s, a, r, s_next, terminated, alpha, gamma):
    best = Q[s_next, np.argmax(Q[s_next])]
    y = r + np.where(terminated, 0.0, gamma * best)
    new = np.array(Q)
    new[s, a] = np.average([Q[s, a], y], weights=[1 - alpha, alpha])
    return new
